pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls
import QtQuick.Layouts

// The signals that came, the newest at the end, which stays in sight unless one scrolled away.
ColumnLayout {
    id: log

    required property var model
    property bool changesToo: false
    signal cleared

    FontMetrics {
        id: metrics
    }
    RowLayout {
        CheckBox {
            text: qsTr("property changes too")
            checked: log.changesToo
            Accessible.name: text
            onToggled: log.changesToo = checked
        }
        Item {
            Layout.fillWidth: true
        }
        Button {
            text: qsTr("Clear")
            flat: true
            enabled: list.count > 0
            Accessible.name: qsTr("Clear the log")
            onClicked: log.cleared()
            Keys.onReturnPressed: click()
        }
    }
    Frame {
        padding: metrics.height * 0.25
        Layout.fillWidth: true
        Layout.fillHeight: true
        Layout.minimumHeight: metrics.height * 5
        Layout.preferredHeight: metrics.height * 7

        ListView {
            id: list

            property bool following: true

            anchors.fill: parent
            clip: true
            model: log.model
            activeFocusOnTab: true
            boundsBehavior: Flickable.StopAtBounds
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Signals")
            ScrollBar.vertical: ScrollBar {}
            highlight: Rectangle {
                visible: list.activeFocus
                color: list.palette.highlight
                opacity: 0.25
            }
            highlightMoveDuration: 0
            onMovementEnded: following = atYEnd
            onCurrentIndexChanged: if (activeFocus) following = currentIndex === count - 1
            Component.onCompleted: positionViewAtEnd()
            // Not its count: that stays the same once the log is full.
            Connections {
                target: log.model
                function onRowsInserted() {
                    if (list.following)
                        Qt.callLater(list.positionViewAtEnd)
                }
            }
            delegate: Label {
                required property string time
                required property string name
                required property string values
                width: ListView.view.width
                text: `${time}  ${name}(${values})`
                textFormat: Text.PlainText
                elide: Text.ElideRight
            }

            Label {
                anchors.centerIn: parent
                visible: list.count === 0
                text: qsTr("no signal yet")
                opacity: 0.6
            }
        }
    }
}
