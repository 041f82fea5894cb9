import QtQuick

// A rose with the heading in its middle.
Item {
    id: compass

    property real heading: 0
    property bool alive: false
    readonly property var names: ["N", "NE", "E", "SE", "S", "SW", "W", "NW"]
    readonly property real radius: Math.min(width, height) / 2 - 8

    implicitWidth: 108
    implicitHeight: 108

    Rectangle {
        anchors.centerIn: parent
        width: compass.radius * 2
        height: width
        radius: width / 2
        color: "transparent"
        border.color: Theme.groove
        border.width: 2
    }
    Repeater {
        model: 4
        Rectangle {
            required property int index
            readonly property real angle: index * Math.PI / 2
            x: compass.width / 2 + Math.sin(angle) * compass.radius - width / 2
            y: compass.height / 2 - Math.cos(angle) * compass.radius - height / 2
            width: 16
            height: 16
            color: Theme.panel
            Text {
                anchors.centerIn: parent
                text: compass.names[parent.index * 2]
                color: Theme.muted
                font.pixelSize: 10
                font.weight: Font.DemiBold
            }
        }
    }
    Item {
        anchors.centerIn: parent
        rotation: compass.heading
        Canvas {
            x: -7
            y: -compass.radius + 5
            width: 14
            height: 13
            readonly property color ink: compass.alive ? Theme.accent : Theme.faded
            onInkChanged: requestPaint()
            onPaint: {
                const ctx = getContext("2d")
                ctx.reset()
                ctx.fillStyle = ink
                ctx.beginPath()
                ctx.moveTo(7, 0)
                ctx.lineTo(13, 12)
                ctx.lineTo(1, 12)
                ctx.closePath()
                ctx.fill()
            }
        }
    }
    Column {
        anchors.centerIn: parent
        Text {
            anchors.horizontalCenter: parent.horizontalCenter
            text: Math.round(compass.heading) + "°"
            color: compass.alive ? Theme.text : Theme.muted
            font.pixelSize: 17
            font.weight: Font.DemiBold
        }
        Text {
            anchors.horizontalCenter: parent.horizontalCenter
            text: compass.names[Math.round(compass.heading / 45) % 8]
            color: Theme.muted
            font.pixelSize: 11
        }
    }
}
