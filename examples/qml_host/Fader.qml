import QtQuick
import QtQuick.Controls
import QtQuick.Layouts

// A slider that stands upright, with its name and its value.
ColumnLayout {
    id: fader

    required property string name
    property alias value: slider.value
    signal moved

    Layout.fillWidth: true
    Layout.fillHeight: true

    Slider {
        id: slider
        orientation: Qt.Vertical
        Layout.fillHeight: true
        Layout.alignment: Qt.AlignHCenter
        Accessible.name: fader.name
        onMoved: fader.moved()
    }
    Label {
        Layout.fillWidth: true
        horizontalAlignment: Text.AlignHCenter
        text: Math.round(slider.value * 100)
        font.bold: true
        color: slider.value > 0.95 ? "#d63031" : caption.color
    }
    Label {
        id: caption
        Layout.fillWidth: true
        horizontalAlignment: Text.AlignHCenter
        text: fader.name
    }
}
