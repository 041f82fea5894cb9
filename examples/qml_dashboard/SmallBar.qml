pragma ComponentBehavior: Bound

import QtQuick

// A level from empty to full, in segments.
Item {
    id: bar

    property string caption
    property string text
    property real share: 0
    property real low: -1
    property real high: 2
    readonly property bool _bad: share < low || share > high

    height: 34

    Row {
        id: segments
        spacing: 3
        Repeater {
            model: 12
            Rectangle {
                required property int index
                readonly property bool lit: index < Math.round(bar.share * 12)
                width: (bar.width - 11 * segments.spacing) / 12
                height: 9
                radius: 2
                color: !lit ? Look.edge : bar._bad ? Look.amber : "#cfdbe6"
            }
        }
    }
    Text {
        y: 14
        text: bar.caption
        color: bar._bad ? Look.amber : Look.muted
        font.pixelSize: 10
        font.letterSpacing: 0.8
    }
    Text {
        y: 14
        anchors.right: parent.right
        text: bar.text
        color: bar._bad ? Look.amber : Look.text
        font.pixelSize: 10
    }
}
