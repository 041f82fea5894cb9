import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts

// The QML window of the demo. `monitor` holds the replicas: null until they are initialized,
// because QML knows of an object only the properties that it had at first sight.
ApplicationWindow {
    id: window

    required property var monitor
    readonly property var gps: monitor.gps
    readonly property var printer: monitor.printer
    readonly property bool alive: monitor.link === "live"

    width: 980
    height: 640
    minimumWidth: 860
    minimumHeight: 560
    visible: true
    title: "pyside_ro demo: QML"
    color: Theme.ground

    function degrees(value, positive, negative) {
        return Math.abs(value).toFixed(5) + "° " + (value >= 0 ? positive : negative)
    }

    Connections {
        target: window.monitor
        function onTrackLoaded(points) { map.load(points) }
        function onTrackGrew(east, north) { map.grow(east, north) }
    }

    TownMap {
        id: map
        anchors.left: parent.left
        anchors.right: panel.left
        anchors.top: parent.top
        anchors.bottom: parent.bottom
        bottomInset: instruments.height + 14
        town: window.monitor.map
        alive: window.alive
        heading: window.gps ? window.gps.heading : 0
    }

    Rectangle {
        anchors.left: parent.left
        anchors.top: parent.top
        anchors.margins: 14
        width: heading.implicitWidth + 32
        height: heading.implicitHeight + 20
        radius: 12
        color: Theme.glass
        border.color: Theme.edge
        ColumnLayout {
            id: heading
            anchors.centerIn: parent
            spacing: 1
            Text {
                text: "Bus 7 and the office printer"
                color: Theme.text
                font.pixelSize: 17
                font.weight: Font.DemiBold
            }
            Text {
                text: "QML client of " + window.monitor.url
                color: Theme.muted
                font.pixelSize: 11
            }
        }
    }

    Pill {
        anchors.right: map.right
        anchors.top: parent.top
        anchors.margins: 14
        implicitHeight: 32
        color: Theme.glass
        border.color: tint
        dot: true
        text: window.monitor.linkText
        tint: Theme.links[window.monitor.link]
    }

    RowLayout {
        id: instruments
        anchors.left: parent.left
        anchors.right: map.right
        anchors.bottom: parent.bottom
        anchors.margins: 14
        height: 158
        spacing: 10

        Card {
            caption: "SPEED"
            Layout.fillHeight: true
            SpeedGauge {
                Layout.fillWidth: true
                Layout.fillHeight: true
                speed: window.gps ? window.gps.speed : 0
                alive: window.alive
            }
        }
        Card {
            caption: "HEADING"
            Layout.fillHeight: true
            Compass {
                Layout.fillWidth: true
                Layout.fillHeight: true
                heading: window.gps ? window.gps.heading : 0
                alive: window.alive
            }
        }
        Card {
            caption: "POSITION"
            Layout.fillWidth: true
            Layout.fillHeight: true
            beside: Text {
                text: window.gps ? window.gps.time.toISOString().substring(11, 19) + " UTC" : ""
                color: Theme.muted
                font.pixelSize: 11
            }
            Text {
                text: window.gps ? window.degrees(window.gps.latitude, "N", "S") + "  "
                                   + window.degrees(window.gps.longitude, "E", "W") : "—"
                color: window.alive ? Theme.text : Theme.muted
                font.pixelSize: 13
                font.weight: Font.DemiBold
            }
            Text {
                Layout.fillWidth: true
                text: !window.gps ? "No position yet"
                    : window.gps.altitude.toFixed(0) + " m high"
                      + (window.monitor.lastStop ? ", last stop " + window.monitor.lastStop : "")
                color: Theme.muted
                font.pixelSize: 11
                elide: Text.ElideRight
            }
            Item { Layout.fillHeight: true }
            RowLayout {
                Pill {
                    text: window.gps ? Theme.fixNames[window.gps.fixQuality] : "—"
                    tint: window.gps && window.alive ? Theme.fixes[window.gps.fixQuality]
                                                     : Theme.muted
                }
                Item { Layout.fillWidth: true }
                ColumnLayout {
                    spacing: 0
                    Text {
                        Layout.alignment: Qt.AlignRight
                        text: window.gps ? window.gps.satellites + " satellites" : "—"
                        color: window.alive ? Theme.text : Theme.muted
                        font.pixelSize: 12
                        font.weight: Font.DemiBold
                    }
                    Text {
                        Layout.alignment: Qt.AlignRight
                        text: window.gps ? "HDOP " + window.gps.hdop.toFixed(2) : ""
                        color: Theme.muted
                        font.pixelSize: 11
                    }
                }
            }
            SatelliteBars {
                Layout.fillWidth: true
                Layout.preferredHeight: 34
                strengths: window.gps ? window.gps.signalStrengths : []
                alive: window.alive
            }
        }
    }

    Rectangle {
        id: panel
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: parent.bottom
        width: 318
        color: Theme.panel
        Rectangle {
            width: 1
            height: parent.height
            color: Theme.edge
        }
        Card {
            anchors.fill: parent
            anchors.margins: 4
            color: "transparent"
            border.width: 0
            caption: "PRINTER"
            beside: Pill {
                text: window.printer ? window.printer.status : "—"
                tint: !window.printer || !window.alive ? Theme.muted
                    : window.printer.status === "ready" ? Theme.good
                    : window.printer.status === "printing" ? Theme.accent : Theme.fair
            }
            RowLayout {
                Layout.topMargin: 6
                Layout.bottomMargin: 6
                Layout.fillWidth: true
                spacing: 0
                Repeater {
                    model: ["cyan", "magenta", "yellow", "black"]
                    Tank {
                        required property string modelData
                        Layout.fillWidth: true
                        Layout.preferredWidth: 1
                        name: modelData.charAt(0).toUpperCase() + modelData.slice(1)
                        share: window.printer ? window.printer.ink[modelData] / 100 : 0
                        amount: window.printer ? Math.round(share * 100) + " %" : "—"
                        tint: Theme.inks[modelData]
                        alive: window.alive
                    }
                }
                Tank {
                    Layout.fillWidth: true
                    Layout.preferredWidth: 1
                    name: "Paper"
                    share: window.printer ? window.printer.paper / window.printer.tray : 0
                    amount: window.printer ? window.printer.paper : "—"
                    tint: "#cbbf9f"
                    alive: window.alive
                }
            }
            Text {
                Layout.topMargin: 6
                text: "JOBS"
                color: Theme.muted
                font.pixelSize: 11
                font.weight: Font.DemiBold
                font.letterSpacing: 0.6
            }
            ListView {
                id: jobs
                Layout.fillWidth: true
                Layout.fillHeight: true
                clip: true
                interactive: contentHeight > height
                model: window.printer ? window.printer.jobs : []
                delegate: JobRow {
                    width: jobs.width
                    alive: window.alive
                }
                Text {
                    anchors.centerIn: parent
                    visible: jobs.count === 0
                    text: window.printer ? "No jobs yet" : "—"
                    color: Theme.muted
                    font.pixelSize: 12
                }
            }
            PrintForm {
                Layout.fillWidth: true
                alive: window.alive
                answer: window.monitor.answer
                answerGood: window.monitor.answerGood
                onSubmitted: (title, pages) => window.monitor.submit(title, pages)
                onRefilled: window.monitor.refill()
            }
        }
    }
}
