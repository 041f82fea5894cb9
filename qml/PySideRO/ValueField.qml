pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls

// One value in the control that fits its type. What is entered goes to `commit`, which says
// whether it was taken; what is shown is what `value` and `text` say.
Loader {
    id: field

    // The type, the kind of control and its limits; see pyside_ro/qmltypes/form/fields.py.
    required property var description
    required property string label
    property var value
    property string text
    property bool writable: true
    // Whether text is committed with every key.
    property bool immediate: false
    property var commit: value => true
    // Enter was pressed in a text.
    signal submitted

    function take(entered: var): bool {
        settle.restart()
        return commit(entered)
    }

    sourceComponent: {
        if (!writable)
            return shown
        switch (description.editor) {
        case "switch":
            return toggle
        case "number":
            return number
        case "choice":
            return choice
        case "flags":
            return flags
        case "colour":
            return colour
        }
        return textual
    }

    // What the user chose stays until the source had time to say what became of it.
    Timer {
        id: settle
        interval: 600
    }

    Component {
        id: shown
        Row {
            spacing: words.font.pixelSize / 2
            Rectangle {
                visible: field.description.type === "QColor"
                width: words.implicitHeight
                height: width
                radius: 3
                color: visible && field.text ? field.text : "transparent"
                border.color: words.color
            }
            Label {
                id: words
                width: Math.min(implicitWidth, field.width || implicitWidth)
                text: field.text
                textFormat: Text.PlainText
                wrapMode: Text.Wrap
                maximumLineCount: 4
                elide: Text.ElideRight
                Accessible.name: `${field.label}: ${field.text}`
            }
        }
    }
    Component {
        id: toggle
        Switch {
            id: aSwitch
            Accessible.name: field.label
            onToggled: field.take(checked)
            Binding {
                target: aSwitch
                property: "checked"
                value: field.value
                when: !settle.running
                restoreMode: Binding.RestoreNone
            }
        }
    }
    Component {
        id: number
        SpinBox {
            id: spin
            from: field.description.low
            to: field.description.high
            editable: true
            Accessible.name: field.label
            onValueModified: field.take(value)
            Binding {
                target: spin
                property: "value"
                value: field.value
                when: !settle.running
                restoreMode: Binding.RestoreNone
            }
        }
    }
    Component {
        id: choice
        ComboBox {
            id: box
            model: field.description.options
            textRole: "text"
            valueRole: "value"
            Accessible.name: field.label
            onActivated: field.take(currentValue)
            Binding {
                target: box
                property: "currentIndex"
                value: field.description.options.findIndex(o => o.value === field.value)
                when: !settle.running
                restoreMode: Binding.RestoreNone
            }
        }
    }
    Component {
        id: flags
        FlagsField {
            id: marks
            options: field.description.options
            label: field.label
            onEntered: value => field.take(value)
            Binding {
                target: marks
                property: "value"
                value: field.value
                when: !settle.running
                restoreMode: Binding.RestoreNone
            }
        }
    }
    Component {
        id: colour
        ColourField {
            label: field.label
            hint: field.description.hint
            text: field.text
            onEntered: text => field.take(text)
        }
    }
    Component {
        id: textual
        TextField {
            id: input

            // What was typed and not taken yet.
            property bool touched: false

            function finish() {
                if (touched && field.take(text))
                    touched = false
            }

            // Not above what is there, where some styles move it.
            placeholderText: text === "" ? field.description.hint : ""
            inputMethodHints: field.description.editor === "real" ? Qt.ImhFormattedNumbersOnly
                                                                  : Qt.ImhNone
            selectByMouse: true
            Accessible.name: field.label
            onTextEdited: {
                touched = true
                if (field.immediate)
                    field.take(text)
            }
            onEditingFinished: finish()
            onAccepted: field.submitted()
            Keys.onEscapePressed: event => {
                event.accepted = touched
                touched = false
            }
            Binding {
                target: input
                property: "text"
                value: field.text
                when: !input.touched && !settle.running
                restoreMode: Binding.RestoreNone
            }
        }
    }
}
