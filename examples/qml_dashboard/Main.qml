import QtQuick
import QtQuick.Controls.Basic
import PySideRO

// The dashboard of a car that is another process: nothing here but QML.
ApplicationWindow {
    id: root

    property string url: "local:car"
    readonly property var car: replica.object
    property int updates: 0

    width: 1200
    height: 450
    minimumWidth: 900
    minimumHeight: 360
    visible: true
    title: "Dashboard"
    color: "#05080c"
    palette.windowText: Look.text
    onClosing: close => {
        close.accepted = false
        console.info(updates ? `client: ${updates} updates, ${Math.round(car.speed)} km/h in gear `
                               + `${car.gear}, ${trips.count} trips`
                             : `client: no car at ${url}: ${replica.error}`)
        Qt.exit(updates ? 0 : 1)
    }

    Node {
        id: net
        connectTo: [root.url]
    }
    Replica {
        id: replica
        node: net
        name: "car"
    }
    Connections {
        target: root.car
        function onMoved() {
            root.updates += 1
        }
    }

    Rectangle {
        anchors.fill: parent
        gradient: Gradient {
            GradientStop { position: 0.0; color: "#0d1620" }
            GradientStop { position: 0.55; color: "#070c12" }
            GradientStop { position: 1.0; color: "#030507" }
        }
    }

    Item {
        id: cluster
        anchors.fill: parent
        anchors.margins: 14
        opacity: replica.valid ? 1 : 0.35
        Behavior on opacity { NumberAnimation { duration: 300 } }

        readonly property color accent: Look.modes[root.car?.mode ?? 1]

        RoundGauge {
            id: speed
            anchors.verticalCenter: parent.verticalCenter
            height: Math.min(parent.height, parent.width * 0.36)
            width: height
            accent: cluster.accent
            value: root.car?.speed ?? 0
            to: 220
            step: 20
            unit: "km/h"
            digits: Math.round(value).toString()
            foot: `${(root.car?.kilometres ?? 0).toFixed(1)} km`

            SmallBar {
                anchors.horizontalCenter: parent.horizontalCenter
                y: parent.height * 0.80
                width: parent.width * 0.36
                caption: "FUEL"
                text: `${Math.round(root.car?.fuel ?? 0)} l`
                share: (root.car?.fuel ?? 0) / (root.car?.tank ?? 1)
                low: 0.15
            }
        }
        RoundGauge {
            id: revs
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            height: Math.min(parent.height, parent.width * 0.36)
            width: height
            accent: cluster.accent
            value: (root.car?.revs ?? 0) / 1000
            to: 8
            step: 1
            redFrom: 6.5
            unit: "1/min × 1000"
            digits: root.car ? `${["E", "D", "S"][root.car.mode]}${root.car.gear}` : "–"
            foot: `${Math.round((root.car?.revs ?? 0) / 10) * 10} 1/min`

            SmallBar {
                anchors.horizontalCenter: parent.horizontalCenter
                y: parent.height * 0.80
                width: parent.width * 0.36
                caption: "COOLANT"
                text: `${Math.round(root.car?.temperature ?? 0)} °C`
                share: ((root.car?.temperature ?? 0) - 40) / 90
                high: 0.8
            }
        }

        Item {
            id: middle
            anchors.left: speed.right
            anchors.right: revs.left
            anchors.top: parent.top
            anchors.bottom: parent.bottom
            anchors.leftMargin: 14
            anchors.rightMargin: 14
            anchors.topMargin: 4
            anchors.bottomMargin: 4

            Lamps {
                id: lamps
                width: parent.width
                lights: root.car?.lights ?? ({})
                warned: (root.car?.warnings.length ?? 0) > 0
            }
            ModeChoice {
                id: modes
                anchors.top: lamps.bottom
                anchors.topMargin: 12
                width: parent.width
                mode: root.car?.mode ?? 1
                onChosen: mode => { if (root.car) root.car.mode = mode }
            }
            Warnings {
                id: warnings
                anchors.top: modes.bottom
                anchors.topMargin: 12
                width: parent.width
                warnings: root.car?.warnings ?? []
                onAcknowledged: text => root.car.acknowledge(text)
            }
            Trips {
                id: trips
                anchors.top: warnings.bottom
                anchors.topMargin: 12
                anchors.bottom: foot.top
                anchors.bottomMargin: 8
                width: parent.width
                accent: cluster.accent
                model: ModelReplica {
                    node: net
                    name: "trips"
                }
            }
            Item {
                id: foot
                anchors.bottom: parent.bottom
                height: 26
                width: parent.width
            }
        }
    }
    ConnectionBadge {
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        anchors.bottomMargin: 16
        width: Math.min(implicitWidth, middle.width)
        replica: replica
    }
}
