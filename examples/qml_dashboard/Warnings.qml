pragma ComponentBehavior: Bound

import QtQuick

// What the car warns of; a click acknowledges it, and the car takes it away.
Column {
    id: list

    property var warnings: []
    signal acknowledged(text: string)

    spacing: 5

    Repeater {
        model: list.warnings
        Rectangle {
            id: warning
            required property var modelData
            readonly property color colour: modelData.grave ? Look.red : Look.amber
            width: list.width
            height: 28
            radius: 7
            color: Qt.alpha(colour, 0.13)
            border.color: Qt.alpha(colour, 0.5)
            Rectangle {
                x: 10
                anchors.verticalCenter: parent.verticalCenter
                width: 7
                height: 7
                radius: 3.5
                color: warning.colour
            }
            Text {
                x: 26
                anchors.verticalCenter: parent.verticalCenter
                text: warning.modelData.text
                color: Look.text
                font.pixelSize: 12
            }
            TapHandler {
                onTapped: list.acknowledged(warning.modelData.text)
            }
        }
    }
}
