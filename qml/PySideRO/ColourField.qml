pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls
import QtQuick.Dialogs
import QtQuick.Layouts

// A colour as text, and a button that shows it and opens a dialog to choose one.
RowLayout {
    id: field

    required property string label
    property string hint
    property string text
    signal entered(text: string)

    readonly property bool _known: /^#[0-9a-fA-F]{3,8}$/.test(text)

    TextField {
        id: input
        property bool touched: false
        Layout.fillWidth: true
        placeholderText: text === "" ? field.hint : ""
        selectByMouse: true
        Accessible.name: field.label
        onTextEdited: touched = true
        onEditingFinished: {
            if (touched)
                field.entered(text)
            touched = false
        }
        Binding {
            target: input
            property: "text"
            value: field.text
            when: !input.touched
            restoreMode: Binding.RestoreNone
        }
    }
    Button {
        id: button
        Layout.preferredWidth: input.implicitHeight
        contentItem: Rectangle {
            implicitWidth: input.font.pixelSize
            implicitHeight: implicitWidth
            radius: 3
            color: field._known ? field.text : "transparent"
            border.color: button.palette.buttonText
        }
        Accessible.name: qsTr("choose: %1").arg(field.label)
        Keys.onReturnPressed: click()
        onClicked: {
            dialog.active = true
            const chooser = dialog.item as ColorDialog
            if (field._known)
                chooser.selectedColor = field.text
            chooser.open()
        }
    }
    Loader {
        id: dialog
        active: false
        visible: false
        sourceComponent: ColorDialog {
            onAccepted: field.entered(selectedColor.toString())
        }
    }
}
