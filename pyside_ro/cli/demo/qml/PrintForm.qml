import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts

// Title, pages, and the buttons that call the printer's slots.
ColumnLayout {
    id: form

    property bool alive: false
    property string answer
    property bool answerGood: true

    signal submitted(string title, int pages)
    signal refilled()

    spacing: 8

    component Field: TextField {
        implicitHeight: 32
        color: Theme.text
        font.pixelSize: 12
        placeholderTextColor: Theme.faded
        selectionColor: Theme.accent
        verticalAlignment: TextInput.AlignVCenter
        background: Rectangle {
            color: Theme.ground
            radius: 6
            border.color: parent.activeFocus ? Theme.accent : Theme.edge
        }
    }
    component Push: Button {
        id: push
        property bool primary: false
        implicitHeight: 32
        leftPadding: 14
        rightPadding: 14
        font.pixelSize: 12
        font.weight: Font.DemiBold
        contentItem: Text {
            text: push.text
            font: push.font
            color: !push.enabled ? Theme.faded : push.primary ? "#06121d" : Theme.text
            horizontalAlignment: Text.AlignHCenter
            verticalAlignment: Text.AlignVCenter
        }
        background: Rectangle {
            radius: 6
            border.color: push.primary && push.enabled ? "transparent" : Theme.edge
            color: !push.enabled ? Theme.panel
                 : push.primary ? (push.down ? "#2b86d6" : push.hovered ? "#5cb5ff" : Theme.accent)
                 : push.down ? Theme.groove : push.hovered ? "#1c2833" : Theme.panel
        }
    }

    RowLayout {
        spacing: 6
        Field {
            id: titleField
            objectName: "title"
            Layout.fillWidth: true
            text: "Timetable"
            placeholderText: "Title"
            onAccepted: printButton.clicked()
        }
        Field {
            id: pagesField
            objectName: "pages"
            Layout.preferredWidth: 48
            text: "5"
            horizontalAlignment: TextInput.AlignHCenter
            validator: IntValidator { bottom: 1; top: 500 }
        }
        Push {
            id: printButton
            objectName: "print"
            text: "Print"
            primary: true
            enabled: form.alive && pagesField.acceptableInput
            onClicked: form.submitted(titleField.text, parseInt(pagesField.text))
        }
    }
    RowLayout {
        spacing: 6
        Text {
            Layout.fillWidth: true
            Layout.preferredHeight: 32
            Layout.minimumWidth: 0
            text: form.answer
            textFormat: Text.PlainText
            color: form.answerGood ? Theme.good : Theme.bad
            font.pixelSize: 11
            wrapMode: Text.Wrap
            elide: Text.ElideRight
            maximumLineCount: 2
        }
        Push {
            objectName: "refill"
            text: "Refill"
            enabled: form.alive
            onClicked: form.refilled()
        }
    }
}
