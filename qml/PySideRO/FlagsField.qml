pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls

// A check box for each flag.
Flow {
    id: flags

    required property var options
    required property string label
    property int value
    signal entered(value: int)

    Repeater {
        model: flags.options

        CheckBox {
            id: box
            required property var modelData
            text: modelData.text
            visible: modelData.value !== 0
            Accessible.name: `${flags.label}: ${text}`
            onToggled: {
                flags.value = checked ? flags.value | modelData.value
                                      : flags.value & ~modelData.value
                flags.entered(flags.value)
            }
            Binding {
                target: box
                property: "checked"
                value: (flags.value & box.modelData.value) === box.modelData.value
                restoreMode: Binding.RestoreNone
            }
        }
    }
}
