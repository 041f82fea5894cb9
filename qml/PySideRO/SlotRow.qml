pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls
import QtQuick.Layouts

// A slot: a button, a field for each argument, and what became of the last call.
ColumnLayout {
    id: row

    required property int index
    required property string name
    required property string signature
    required property var fields
    required property bool busy
    required property string answer
    required property bool failed
    // Called with the row and what was entered.
    required property var call
    required property color bad

    property var _values: []

    function run() {
        call(index, _values)
    }

    spacing: metrics.height * 0.25
    onFieldsChanged: _values = fields.map(field => field.value)
    Component.onCompleted: _values = fields.map(field => field.value)

    FontMetrics {
        id: metrics
    }
    RowLayout {
        spacing: metrics.height * 0.5
        Button {
            id: button
            text: row.name
            Layout.alignment: Qt.AlignTop
            // Beside the first field, not its label.
            Layout.topMargin: row.fields.length ? metrics.height * 0.8 : 0
            Accessible.name: row.name
            Accessible.description: row.signature
            ToolTip.text: row.signature
            ToolTip.delay: 600
            ToolTip.visible: hovered
            onClicked: row.run()
            Keys.onReturnPressed: click()
            Keys.onEnterPressed: click()
        }
        Flow {
            Layout.fillWidth: true
            spacing: metrics.height * 0.5
            Repeater {
                model: row.fields

                ColumnLayout {
                    id: argument
                    required property int index
                    required property var modelData
                    property var current: modelData.value
                    spacing: 0
                    Label {
                        text: `${argument.modelData.name}: ${argument.modelData.type}`
                        textFormat: Text.PlainText
                        font.pixelSize: Math.round(metrics.height * 0.62)
                        opacity: 0.75
                        Accessible.ignored: true
                    }
                    ValueField {
                        Layout.preferredWidth: ["text", "real", "json"].includes(
                                                   argument.modelData.editor)
                                               ? metrics.height * 8 : implicitWidth
                        description: argument.modelData
                        label: `${row.name}, ${argument.modelData.name}`
                        value: argument.current
                        text: String(argument.current)
                        immediate: true
                        commit: value => {
                            argument.current = value
                            row._values[argument.index] = value
                            return true
                        }
                        onSubmitted: row.run()
                    }
                }
            }
        }
    }
    RowLayout {
        visible: row.busy || row.answer !== ""
        Label {
            text: row.busy ? "…" : row.failed ? "✗" : "✓"
            color: row.failed ? row.bad : sample.color
            Layout.alignment: Qt.AlignTop
            Accessible.ignored: true
        }
        Label {
            id: sample
            visible: false
        }
        Label {
            Layout.fillWidth: true
            text: row.busy ? qsTr("waiting for the answer") : row.answer
            textFormat: Text.PlainText
            wrapMode: Text.Wrap
            maximumLineCount: 6
            elide: Text.ElideRight
            color: row.failed ? row.bad : sample.color
            Accessible.role: Accessible.AlertMessage
            Accessible.name: `${row.name}: ${text}`
        }
    }
}
