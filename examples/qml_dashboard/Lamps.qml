import QtQuick

// The tell-tales: turn signals at the sides, the others between them.
Item {
    id: lamps

    property var lights: ({})
    property bool warned: false

    height: 34

    component Lamp: Canvas {
        property bool lit
        property color colour
        property string kind
        width: 34
        height: 34
        onLitChanged: requestPaint()
        onPaint: {
            const ctx = getContext("2d")
            ctx.reset()
            if (lit) {
                const glow = ctx.createRadialGradient(17, 17, 3, 17, 17, 17)
                glow.addColorStop(0, Qt.alpha(colour, 0.35))
                glow.addColorStop(1, Qt.alpha(colour, 0))
                ctx.fillStyle = glow
                ctx.fillRect(0, 0, 34, 34)
            }
            ctx.strokeStyle = ctx.fillStyle = lit ? colour : Look.faint
            ctx.lineWidth = 2
            ctx.lineJoin = "round"
            ctx.beginPath()
            switch (kind) {
            case "left":
            case "right": {
                const way = kind === "left" ? 1 : -1
                const x = dx => 17 + way * dx
                ctx.moveTo(x(-12), 17)
                ctx.lineTo(x(-1), 7)
                ctx.lineTo(x(-1), 13)
                ctx.lineTo(x(11), 13)
                ctx.lineTo(x(11), 21)
                ctx.lineTo(x(-1), 21)
                ctx.lineTo(x(-1), 27)
                ctx.closePath()
                ctx.fill()
                break
            }
            case "beam":
                ctx.moveTo(17, 9)
                ctx.bezierCurveTo(31, 9, 31, 25, 17, 25)
                ctx.closePath()
                ctx.stroke()
                for (let n = 0; n < 4; ++n) {
                    ctx.beginPath()
                    ctx.moveTo(4, 10 + n * 4.7)
                    ctx.lineTo(13, 10 + n * 4.7)
                    ctx.stroke()
                }
                break
            case "belt":
                ctx.arc(17, 9, 3.5, 0, 2 * Math.PI)
                ctx.fill()
                ctx.beginPath()
                ctx.moveTo(10, 28)
                ctx.bezierCurveTo(10, 12, 24, 12, 24, 28)
                ctx.stroke()
                ctx.beginPath()
                ctx.moveTo(24, 14)
                ctx.lineTo(11, 26)
                ctx.stroke()
                break
            case "warning":
                ctx.moveTo(17, 6)
                ctx.lineTo(29, 27)
                ctx.lineTo(5, 27)
                ctx.closePath()
                ctx.stroke()
                ctx.fillRect(16, 13, 2.4, 7)
                ctx.fillRect(16, 22, 2.4, 2.4)
            }
        }
    }

    Lamp {
        kind: "left"
        lit: lamps.lights.left ?? false
        colour: Look.green
    }
    Row {
        anchors.horizontalCenter: parent.horizontalCenter
        spacing: 14
        Lamp {
            kind: "beam"
            lit: lamps.lights.beam ?? false
            colour: Look.blue
        }
        Lamp {
            kind: "warning"
            lit: lamps.warned
            colour: Look.amber
        }
        Lamp {
            kind: "belt"
            lit: lamps.lights.belt ?? false
            colour: Look.red
        }
    }
    Lamp {
        anchors.right: parent.right
        kind: "right"
        lit: lamps.lights.right ?? false
        colour: Look.green
    }
}
