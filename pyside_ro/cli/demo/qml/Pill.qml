import QtQuick

// A short text on a tinted ground, with a dot before it if wanted.
Rectangle {
    id: pill

    property string text
    property color tint: Theme.muted
    property bool dot: false

    implicitWidth: row.implicitWidth + 24
    implicitHeight: 28
    radius: height / 2
    color: Qt.rgba(tint.r, tint.g, tint.b, 0.16)

    Row {
        id: row
        anchors.centerIn: parent
        spacing: 8
        Rectangle {
            visible: pill.dot
            anchors.verticalCenter: parent.verticalCenter
            width: 8
            height: 8
            radius: 4
            color: pill.tint
        }
        Text {
            text: pill.text
            color: pill.tint
            font.pixelSize: 12
            font.weight: Font.DemiBold
        }
    }
}
