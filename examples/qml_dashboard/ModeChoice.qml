pragma ComponentBehavior: Bound

import QtQuick

// The three modes of the car, by mouse or by the keys Left and Right.
Rectangle {
    id: choice

    property int mode: 1
    signal chosen(mode: int)

    height: 34
    radius: height / 2
    color: Look.panel
    border.color: activeFocus ? Look.modes[mode] : Look.edge
    activeFocusOnTab: true
    Keys.onLeftPressed: chosen(Math.max(0, mode - 1))
    Keys.onRightPressed: chosen(Math.min(2, mode + 1))

    Rectangle {
        x: 3 + choice.mode * (choice.width - 6) / 3
        y: 3
        width: (choice.width - 6) / 3
        height: choice.height - 6
        radius: height / 2
        color: Qt.alpha(Look.modes[choice.mode], 0.22)
        border.color: Look.modes[choice.mode]
        Behavior on x { NumberAnimation { duration: 200; easing.type: Easing.OutCubic } }
    }
    Row {
        anchors.fill: parent
        anchors.margins: 3
        Repeater {
            model: ["ECO", "COMFORT", "SPORT"]
            Text {
                id: word
                required property int index
                required property string modelData
                width: parent.width / 3
                height: parent.height
                horizontalAlignment: Text.AlignHCenter
                verticalAlignment: Text.AlignVCenter
                text: modelData
                color: index === choice.mode ? Look.text : Look.muted
                font.pixelSize: 11
                font.letterSpacing: 0.8
                TapHandler {
                    onTapped: choice.chosen(word.index)
                }
            }
        }
    }
}
