import QtQuick

// The strength of each satellite in view; those too weak to be used are pale.
Row {
    id: bars

    property var strengths: []
    property bool alive: false

    spacing: 3
    Repeater {
        model: bars.strengths
        Item {
            required property real modelData
            width: (bars.width + bars.spacing) / Math.max(1, bars.strengths.length) - bars.spacing
            height: bars.height
            Rectangle {
                anchors.bottom: parent.bottom
                width: parent.width
                height: Math.max(2, parent.height * Math.min(parent.modelData, 52) / 52)
                radius: 1.5
                color: !bars.alive ? Theme.faded
                     : parent.modelData < 27 ? Theme.groove
                     : parent.modelData < 38 ? "#9fd356" : Theme.good
            }
        }
    }
}
