import QtQuick
import QtQuick.Layouts

// One print job: number, title, state and progress.
Item {
    id: row

    required property var modelData
    property bool alive: false
    readonly property bool over: modelData.state === "done" || modelData.state === "cancelled"
    readonly property var tints: ({
        waiting: Theme.fair, printing: Theme.accent, done: Theme.good, cancelled: Theme.muted
    })

    implicitHeight: 34

    RowLayout {
        id: upper
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.topMargin: 4
        spacing: 8
        Text {
            Layout.preferredWidth: 20
            text: row.modelData.id
            color: Theme.muted
            font.pixelSize: 11
        }
        Text {
            Layout.fillWidth: true
            text: row.modelData.title
            textFormat: Text.PlainText
            elide: Text.ElideRight
            color: row.over || !row.alive ? Theme.muted : Theme.text
            font.pixelSize: 12
        }
        Text {
            text: row.modelData.state === "printing"
                  ? row.modelData.printed + " of " + row.modelData.pages
                  : row.modelData.state === "waiting"
                    ? "waiting, " + row.modelData.pages + " p." : row.modelData.state
            color: row.alive ? row.tints[row.modelData.state] : Theme.muted
            font.pixelSize: 11
        }
    }
    Rectangle {
        anchors.left: parent.left
        anchors.leftMargin: 28
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.bottomMargin: 6
        height: 3
        radius: 1.5
        color: Theme.groove
        Rectangle {
            width: parent.width * row.modelData.printed / Math.max(1, row.modelData.pages)
            height: 3
            radius: 1.5
            color: !row.alive ? Theme.faded : row.over ? "#2c6b49" : Theme.accent
        }
    }
}
