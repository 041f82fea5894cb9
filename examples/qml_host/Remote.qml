pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls
import QtQuick.Layouts
import PySideRO

// The remote control of the panel: moves the faders there, and follows them.
ApplicationWindow {
    id: root

    property string url: "local:panel"
    readonly property var desk: replica.object
    property int moves: 0

    width: 380
    height: 320
    visible: true
    title: "Remote"
    onClosing: close => {
        close.accepted = false
        const levels = desk ? [desk.low, desk.middle, desk.high].map(v => Math.round(v * 100)) : []
        console.info(desk ? `client: ${desk.title}, the faders are at ${levels.join(" ")}, `
                            + `${moves} moves seen`
                          : `client: no desk at ${url}: ${replica.error}`)
        Qt.exit(desk ? 0 : 1)
    }

    Node {
        id: net
        connectTo: [root.url]
    }
    Replica {
        id: replica
        node: net
        name: "desk"
    }
    Connections {
        target: root.desk
        function onLoudestChanged() {
            root.moves += 1
        }
        function onClipped(level: real) {
            said.text = `clipped at ${Math.round(level * 100)}`
        }
    }

    component Follower: Fader {
        id: follower
        enabled: replica.valid
        // Writing asks the panel, whose fader then moves; and this one with it.
        onMoved: root.desk[follower.name] = follower.value
        Binding {
            target: follower
            property: "value"
            value: root.desk ? root.desk[follower.name] : 0
        }
    }

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: 16
        spacing: 12
        RowLayout {
            Label {
                text: root.desk ? `Remote · ${root.desk.title}` : "Remote"
                font.bold: true
                font.pixelSize: 18
            }
            ConnectionBadge {
                replica: replica
                Layout.maximumWidth: 90
                reasonShown: false
            }
            Item {
                Layout.fillWidth: true
            }
            Switch {
                id: onAir
                text: "on air"
                enabled: replica.valid
                onToggled: root.desk.onAir = checked
                Binding {
                    target: onAir
                    property: "checked"
                    value: root.desk ? root.desk.onAir : false
                }
            }
        }
        RowLayout {
            uniformCellSizes: true
            Layout.fillWidth: true
            Layout.fillHeight: true
            Follower {
                name: "low"
            }
            Follower {
                name: "middle"
            }
            Follower {
                name: "high"
            }
        }
        RowLayout {
            Button {
                text: "Mute"
                enabled: replica.valid
                onClicked: RemoteObjects.watch(root.desk.mute())
                    .then(before => said.text = `muted, it was ${Math.round(before * 100)}`)
                    .catch(error => said.text = error.message)
            }
            Label {
                id: said
                Layout.fillWidth: true
                elide: Text.ElideRight
            }
        }
    }
}
