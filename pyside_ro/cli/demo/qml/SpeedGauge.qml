import QtQuick

// A dial from 0 to 80 km/h.
Item {
    id: gauge

    property real speed: 0
    property bool alive: false
    property real shown: speed

    implicitWidth: 122
    implicitHeight: 108
    Behavior on shown { NumberAnimation { duration: 150 } }

    Canvas {
        id: dial
        anchors.fill: parent
        readonly property real share: Math.min(1, Math.max(0, gauge.shown / 80))
        readonly property color ink: gauge.alive ? Theme.accent : Theme.faded
        onShareChanged: requestPaint()
        onInkChanged: requestPaint()
        onPaint: {
            const ctx = getContext("2d")
            const middleX = width / 2, middleY = height / 2 + 8
            const radius = Math.min(width, height * 1.1) / 2 - 6
            const start = Math.PI * (1 - 35 / 180), sweep = Math.PI * 250 / 180
            ctx.reset()
            ctx.lineCap = "round"
            ctx.lineWidth = 8
            ctx.strokeStyle = Theme.groove
            ctx.beginPath()
            ctx.arc(middleX, middleY, radius, start, start + sweep, false)
            ctx.stroke()
            if (share > 0.004) {
                ctx.strokeStyle = ink
                ctx.beginPath()
                ctx.arc(middleX, middleY, radius, start, start + sweep * share, false)
                ctx.stroke()
            }
            ctx.lineWidth = 1
            ctx.strokeStyle = Theme.faded
            for (let step = 0; step <= 8; ++step) {
                const angle = start + sweep * step / 8
                ctx.beginPath()
                ctx.moveTo(middleX + Math.cos(angle) * (radius - 9),
                           middleY + Math.sin(angle) * (radius - 9))
                ctx.lineTo(middleX + Math.cos(angle) * (radius - 13),
                           middleY + Math.sin(angle) * (radius - 13))
                ctx.stroke()
            }
        }
    }
    Column {
        anchors.centerIn: parent
        anchors.verticalCenterOffset: 9
        Text {
            anchors.horizontalCenter: parent.horizontalCenter
            text: Math.round(gauge.speed)
            color: gauge.alive ? Theme.text : Theme.muted
            font.pixelSize: 27
            font.weight: Font.DemiBold
        }
        Text {
            anchors.horizontalCenter: parent.horizontalCenter
            text: "km/h"
            color: Theme.muted
            font.pixelSize: 11
        }
    }
}
