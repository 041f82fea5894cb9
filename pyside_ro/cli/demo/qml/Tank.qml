import QtQuick

// What is left of an ink, or of the paper.
Column {
    id: tank

    property string name
    property string amount
    property real share: 0
    property color tint
    property bool alive: false

    spacing: 3
    Rectangle {
        anchors.horizontalCenter: parent.horizontalCenter
        width: 32
        height: 66
        radius: 5
        color: Theme.groove
        Rectangle {
            anchors.bottom: parent.bottom
            width: parent.width
            height: parent.height * Math.min(1, Math.max(0, tank.share))
            radius: 5
            color: tank.alive ? tank.tint : Theme.faded
            Behavior on height { NumberAnimation { duration: 200 } }
        }
    }
    Text {
        anchors.horizontalCenter: parent.horizontalCenter
        text: tank.amount
        color: !tank.alive ? Theme.muted : tank.share < 0.12 ? Theme.bad : Theme.text
        font.pixelSize: 11
        font.weight: Font.DemiBold
    }
    Text {
        anchors.horizontalCenter: parent.horizontalCenter
        text: tank.name
        color: Theme.muted
        font.pixelSize: 10
    }
}
