pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Shapes

// A round instrument: a scale, an arc up to the value, a needle, and the value in digits.
Item {
    id: dial

    property real value: 0
    property real to: 100
    property real step: 10
    property real redFrom: to + 1
    property string unit
    property string digits
    property string foot
    property color accent: Look.blue

    property real shown: value
    readonly property real _start: 140
    readonly property real _sweep: 260
    readonly property real _share: Math.max(0, Math.min(1, shown / to))
    readonly property real _radius: Math.min(width, height) / 2

    Behavior on shown { SmoothedAnimation { duration: 160; velocity: -1 } }
    Behavior on accent { ColorAnimation { duration: 400 } }

    component Arc: Shape {
        id: arc
        property real inset
        property real thickness
        property color colour
        property real length
        anchors.fill: parent
        ShapePath {
            strokeColor: arc.colour
            strokeWidth: arc.thickness
            fillColor: "transparent"
            capStyle: ShapePath.FlatCap
            PathAngleArc {
                centerX: dial.width / 2
                centerY: dial.height / 2
                radiusX: dial._radius - arc.inset
                radiusY: radiusX
                startAngle: dial._start
                sweepAngle: arc.length
            }
        }
    }

    // The face does not change: it is painted once.
    Canvas {
        anchors.fill: parent
        renderStrategy: Canvas.Cooperative
        onWidthChanged: requestPaint()
        onPaint: {
            const ctx = getContext("2d")
            const x = width / 2, y = height / 2, r = dial._radius
            const rad = degrees => degrees * Math.PI / 180
            ctx.reset()
            // The bowl.
            let fill = ctx.createRadialGradient(x, y, r * 0.1, x, y, r)
            fill.addColorStop(0, "#16222e")
            fill.addColorStop(0.62, "#0b131b")
            fill.addColorStop(0.93, "#0a1118")
            fill.addColorStop(1, "#04070a")
            ctx.fillStyle = fill
            ctx.beginPath()
            ctx.arc(x, y, r - 1, 0, 2 * Math.PI)
            ctx.fill()
            // Its rim, lit from above.
            let rim = ctx.createLinearGradient(0, y - r, 0, y + r)
            rim.addColorStop(0, "#5d7388")
            rim.addColorStop(0.35, "#22303d")
            rim.addColorStop(1, "#131c25")
            ctx.strokeStyle = rim
            ctx.lineWidth = 2.5
            ctx.beginPath()
            ctx.arc(x, y, r - 2.5, 0, 2 * Math.PI)
            ctx.stroke()
            // The scale.
            const minor = dial.step / 5
            for (let n = 0; n * minor <= dial.to + 1e-6; ++n) {
                const at = n * minor, major = n % 5 === 0
                const angle = rad(dial._start + dial._sweep * at / dial.to)
                const red = at >= dial.redFrom - 1e-6
                ctx.strokeStyle = red ? Look.red : major ? "#dbe6f0" : "#4d6072"
                ctx.lineWidth = major ? 2.6 : 1.2
                ctx.beginPath()
                ctx.moveTo(x + Math.cos(angle) * r * 0.885, y + Math.sin(angle) * r * 0.885)
                ctx.lineTo(x + Math.cos(angle) * r * (major ? 0.81 : 0.845),
                           y + Math.sin(angle) * r * (major ? 0.81 : 0.845))
                ctx.stroke()
                if (major) {
                    ctx.fillStyle = red ? Look.red : "#c9d6e2"
                    ctx.font = `${Math.round(r * 0.082)}px sans-serif`
                    ctx.textAlign = "center"
                    ctx.textBaseline = "middle"
                    ctx.fillText(String(Math.round(at)), x + Math.cos(angle) * r * 0.70,
                                 y + Math.sin(angle) * r * 0.70)
                }
            }
            // The plate in the middle.
            let plate = ctx.createRadialGradient(x, y - r * 0.1, 0, x, y, r * 0.46)
            plate.addColorStop(0, "#1b2936")
            plate.addColorStop(1, "#0a1118")
            ctx.fillStyle = plate
            ctx.beginPath()
            ctx.arc(x, y, r * 0.44, 0, 2 * Math.PI)
            ctx.fill()
            ctx.strokeStyle = "#243443"
            ctx.lineWidth = 1.5
            ctx.stroke()
        }
    }

    Arc {
        inset: dial._radius * 0.075
        thickness: dial._radius * 0.035
        colour: Look.edge
        length: dial._sweep
    }
    Shape {
        visible: dial.redFrom < dial.to
        anchors.fill: parent
        ShapePath {
            strokeColor: Qt.alpha(Look.red, 0.75)
            strokeWidth: dial._radius * 0.035
            fillColor: "transparent"
            capStyle: ShapePath.FlatCap
            PathAngleArc {
                centerX: dial.width / 2
                centerY: dial.height / 2
                radiusX: dial._radius * 0.925
                radiusY: radiusX
                startAngle: dial._start + dial._sweep * dial.redFrom / dial.to
                sweepAngle: dial._sweep * (1 - dial.redFrom / dial.to)
            }
        }
    }
    // A glow: the arc again, wider and fainter.
    Repeater {
        model: [0.13, 0.095, 0.065]
        Arc {
            required property real modelData
            inset: dial._radius * 0.075
            thickness: dial._radius * modelData
            colour: Qt.alpha(dial.accent, 0.10)
            length: dial._sweep * dial._share
        }
    }
    Arc {
        inset: dial._radius * 0.075
        thickness: dial._radius * 0.035
        colour: dial.accent
        length: dial._sweep * dial._share
    }

    // The needle, from the plate to the scale.
    Item {
        anchors.centerIn: parent
        width: parent.width
        height: parent.height
        rotation: dial._start + dial._sweep * dial._share
        Repeater {
            model: [[9, 0.10], [6, 0.16], [3, 1]]
            Rectangle {
                required property var modelData
                x: parent.width / 2 + dial._radius * 0.45
                y: (parent.height - height) / 2
                width: dial._radius * 0.42
                height: modelData[0]
                radius: height / 2
                antialiasing: true
                opacity: modelData[1]
                color: modelData[1] === 1 ? Qt.lighter(dial.accent, 1.35) : dial.accent
            }
        }
    }

    Column {
        anchors.centerIn: parent
        anchors.verticalCenterOffset: -dial._radius * 0.015
        spacing: -dial._radius * 0.02
        Text {
            anchors.horizontalCenter: parent.horizontalCenter
            text: dial.digits
            color: Look.text
            font.pixelSize: dial._radius * 0.34
            font.weight: Font.Light
        }
        Text {
            anchors.horizontalCenter: parent.horizontalCenter
            text: dial.unit
            color: Look.muted
            font.pixelSize: dial._radius * 0.068
        }
    }
    Text {
        anchors.horizontalCenter: parent.horizontalCenter
        y: parent.height / 2 + dial._radius * 0.48
        text: dial.foot
        color: Look.muted
        font.pixelSize: dial._radius * 0.066
    }
}
