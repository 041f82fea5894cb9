pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls
import QtQuick.Layouts
import PySideRO

// A form for any replica, made of its interface: its properties in controls that fit their types,
// a button and argument fields for each slot, and a log of its signals.
Pane {
    id: form

    // A Replica, its object, or a typed replica.
    property QtObject replica
    // What stands above the form; the name and the type by default.
    property string title: contents.typeName ? `${contents.name} · ${contents.typeName}`
                                             : contents.name
    // Whether there is the log of signals.
    property bool logShown: true

    readonly property real _em: metrics.height
    readonly property bool _wide: availableWidth > _em * 46
    readonly property color _bad: sample.color.hslLightness > 0.5 ? "#ff8a80" : "#b3261e"

    // Whatever has the keyboard's focus is in sight.
    function _reveal(item: Item) {
        let inside = item
        while (inside && inside !== page)
            inside = inside.parent
        if (!inside)
            return
        const top = item.mapToItem(page, 0, 0).y
        const room = _em / 2
        if (top < flick.contentY)
            flick.contentY = Math.max(0, top - room)
        else if (top + item.height > flick.contentY + flick.height)
            flick.contentY = Math.min(Math.max(0, flick.contentHeight - flick.height),
                                      top + item.height + room - flick.height)
    }

    implicitWidth: _em * 26
    implicitHeight: Math.min(_em * 40, header.implicitHeight + page.implicitHeight
                             + layout.spacing + topPadding + bottomPadding)

    ReplicaInterface {
        id: contents
        replica: form.replica
        logsChanges: signalLog.changesToo
    }
    FontMetrics {
        id: metrics
        font: form.font
    }
    Connections {
        target: form.Window.window
        function onActiveFocusItemChanged() {
            form._reveal(form.Window.window.activeFocusItem)
        }
    }

    ColumnLayout {
        id: layout
        anchors.fill: parent
        spacing: form._em * 0.6

        RowLayout {
            id: header
            Layout.fillWidth: true
            spacing: form._em
            Label {
                id: sample
                Layout.fillWidth: true
                text: form.title
                textFormat: Text.PlainText
                font.bold: true
                font.pixelSize: Math.round(form._em * 0.95)
                elide: Text.ElideRight
                Accessible.role: Accessible.Heading
            }
            ConnectionBadge {
                id: badge
                Layout.maximumWidth: layout.width * 0.62
                replica: form.replica
            }
        }
        Flickable {
            id: flick
            Layout.fillWidth: true
            Layout.fillHeight: true
            clip: true
            contentWidth: width
            contentHeight: page.height
            boundsBehavior: Flickable.StopAtBounds
            ScrollBar.vertical: ScrollBar {
                id: bar
            }

            GridLayout {
                id: page
                // Room for the scroll bar beside it.
                width: flick.width - (bar.size < 1 ? bar.width : 0)
                height: Math.max(implicitHeight, flick.height)
                columns: form._wide ? 2 : 1
                columnSpacing: form._em * 0.8
                rowSpacing: form._em * 0.6

                GroupBox {
                    title: qsTr("Properties")
                    visible: values.count > 0
                    enabled: contents.valid
                    Layout.fillWidth: true
                    Layout.preferredWidth: 1
                    Layout.alignment: Qt.AlignTop

                    ColumnLayout {
                        anchors.fill: parent
                        spacing: form._em * 0.25
                        Repeater {
                            id: values
                            model: contents.properties

                            ColumnLayout {
                                id: property
                                required property int index
                                required property string name
                                required property var field
                                required property bool writable
                                required property var value
                                required property string text
                                required property string problem
                                spacing: 0
                                RowLayout {
                                    spacing: form._em * 0.5
                                    Layout.fillWidth: true
                                    Layout.minimumHeight: form._em * 1.5
                                    Label {
                                        Layout.preferredWidth: page.width * (form._wide ? 0.15
                                                                                        : 0.3)
                                        text: property.name
                                        elide: Text.ElideRight
                                        ToolTip.text: property.field.type
                                        ToolTip.delay: 600
                                        ToolTip.visible: hover.hovered
                                        Accessible.ignored: true
                                        HoverHandler {
                                            id: hover
                                        }
                                    }
                                    ValueField {
                                        Layout.fillWidth: property.field.editor !== "switch"
                                        description: property.field
                                        label: property.name
                                        value: property.value
                                        text: property.text
                                        writable: property.writable
                                        commit: value => contents.write(property.index, value)
                                    }
                                }
                                Label {
                                    Layout.fillWidth: true
                                    visible: text !== ""
                                    text: property.problem
                                    textFormat: Text.PlainText
                                    color: form._bad
                                    wrapMode: Text.Wrap
                                    Accessible.role: Accessible.AlertMessage
                                    Accessible.name: `${property.name}: ${text}`
                                }
                            }
                        }
                    }
                }
                ColumnLayout {
                    spacing: page.rowSpacing
                    Layout.fillWidth: true
                    Layout.preferredWidth: 1
                    Layout.fillHeight: true
                    Layout.alignment: Qt.AlignTop

                    GroupBox {
                        title: qsTr("Slots")
                        visible: calls.count > 0
                        enabled: contents.valid
                        Layout.fillWidth: true

                        ColumnLayout {
                            anchors.fill: parent
                            spacing: form._em * 0.5
                            Repeater {
                                id: calls
                                model: contents.slots

                                SlotRow {
                                    Layout.fillWidth: true
                                    bad: form._bad
                                    call: (row, entered) => contents.call(row, entered)
                                }
                            }
                        }
                    }
                    GroupBox {
                        title: qsTr("Signals")
                        visible: form.logShown && contents.typeName !== ""
                        Layout.fillWidth: true
                        Layout.fillHeight: true

                        SignalLog {
                            id: signalLog
                            anchors.fill: parent
                            model: contents.log
                            onCleared: contents.clearLog()
                        }
                    }
                }
            }
        }
    }
}
