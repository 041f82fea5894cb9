import QtQuick
import QtQuick.Layouts

// A panel with a caption; what is put into it stands in a column.
Rectangle {
    id: card

    property string caption
    default property alias content: column.data
    property alias beside: corner.data

    color: Theme.glass
    border.color: Theme.edge
    radius: 12
    implicitWidth: column.implicitWidth + 28
    implicitHeight: column.implicitHeight + 22

    ColumnLayout {
        id: column
        anchors.fill: parent
        anchors.leftMargin: 14
        anchors.rightMargin: 14
        anchors.topMargin: 10
        anchors.bottomMargin: 12
        spacing: 4

        RowLayout {
            Layout.fillWidth: true
            Text {
                text: card.caption
                color: Theme.muted
                font.pixelSize: 11
                font.weight: Font.DemiBold
                font.letterSpacing: 0.6
            }
            Item { Layout.fillWidth: true }
            Row { id: corner }
        }
    }
}
