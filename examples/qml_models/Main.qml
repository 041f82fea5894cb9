pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls
import QtQuick.Layouts
import PySideRO

// A list, a table and a tree of another process, in the views that Qt Quick has for them.
ApplicationWindow {
    id: root

    property string url: "local:observatory"
    property int changes: 0

    width: 960
    height: 480
    visible: true
    title: "Observatory"
    onClosing: close => {
        close.accepted = false
        const live = events.initialized && stations.initialized && sky.initialized
        console.info(live ? `client: ${list.count} events, a table of ${table.rows} rows, `
                            + `${tree.rows} rows of the tree, ${changes} changes`
                          : `client: no models at ${url}: ${net.errorString}`)
        Qt.exit(live ? 0 : 1)
    }

    Node {
        id: net
        connectTo: [root.url]
    }
    ModelReplica {
        id: events
        node: net
        name: "events"
        onRowsInserted: root.changes += 1
    }
    ModelReplica {
        id: stations
        node: net
        name: "stations"
        onDataChanged: root.changes += 1
    }
    ModelReplica {
        id: sky
        node: net
        name: "sky"
        // Only now is it known which of the rows have rows below them: open the first of them.
        onDataChanged: {
            if (!opened)
                tree.expand(0)
            opened = tree.isExpanded(0)
        }
        property bool opened: false
    }

    header: ToolBar {
        padding: 8
        RowLayout {
            anchors.fill: parent
            Label {
                Layout.fillWidth: true
                text: "Observatory"
                font.bold: true
            }
            ConnectionBadge {
                node: net
                Layout.maximumWidth: root.width / 2
            }
        }
    }

    component Panel: ColumnLayout {
        id: panel
        property string title
        default property alias view: inside.data
        spacing: 4
        Label {
            text: panel.title
            font.bold: true
        }
        Frame {
            padding: 1
            Layout.fillWidth: true
            Layout.fillHeight: true
            Rectangle {
                id: inside
                anchors.fill: parent
                color: palette.base
            }
        }
    }

    RowLayout {
        anchors.fill: parent
        anchors.margins: 10
        spacing: 10

        Panel {
            title: `Events (${list.count})`
            Layout.preferredWidth: 300
            Layout.fillWidth: false
            ListView {
                id: list
                anchors.fill: parent
                clip: true
                model: events
                ScrollBar.vertical: ScrollBar {}
                add: Transition {
                    NumberAnimation {
                        property: "opacity"
                        from: 0
                        to: 1
                        duration: 200
                    }
                }
                delegate: Label {
                    required property var display
                    width: ListView.view.width
                    padding: 6
                    elide: Text.ElideRight
                    text: display ?? ""
                }
            }
        }
        Panel {
            title: `Stations (${table.rows})`
            Layout.fillWidth: true
            HorizontalHeaderView {
                id: header
                anchors.left: table.left
                anchors.right: table.right
                syncView: table
                model: ["Station", "Height m", "Wind m/s", "Seeing ″"]
                clip: true
            }
            TableView {
                id: table
                anchors.fill: parent
                anchors.topMargin: header.height
                clip: true
                model: stations
                columnWidthProvider: column => Math.floor(width * (column ? 0.22 : 0.34))
                rowHeightProvider: () => 26
                onWidthChanged: forceLayout()
                ScrollBar.vertical: ScrollBar {}
                delegate: Rectangle {
                    id: cell
                    required property int row
                    required property int column
                    // Not here until the row has been fetched.
                    required property var display
                    implicitHeight: 26
                    color: row % 2 ? palette.base : palette.alternateBase
                    Label {
                        anchors.fill: parent
                        anchors.margins: 5
                        verticalAlignment: Text.AlignVCenter
                        horizontalAlignment: cell.column ? Text.AlignRight : Text.AlignLeft
                        elide: Text.ElideRight
                        text: cell.display ?? "…"
                    }
                }
            }
        }
        Panel {
            title: "Sky"
            Layout.preferredWidth: 210
            Layout.fillWidth: false
            TreeView {
                id: tree
                anchors.fill: parent
                clip: true
                model: sky
                columnWidthProvider: () => width
                ScrollBar.vertical: ScrollBar {}
                delegate: TreeViewDelegate {
                    id: branch
                    // Qt's own text is no text as long as the row is being fetched.
                    contentItem: Label {
                        text: branch.model.display ?? "…"
                        elide: Text.ElideRight
                    }
                }
            }
        }
    }
}
