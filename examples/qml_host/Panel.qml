import QtQuick
import QtQuick.Controls
import QtQuick.Layouts
import PySideRO

// A mixing desk that shares its own controls: not a line of Python or C++.
ApplicationWindow {
    id: root

    property string url: "local:panel"

    width: 380
    height: 320
    visible: true
    title: "Panel"

    // What is shared: aliases of the controls themselves, a function, a signal.
    QtObject {
        id: desk
        readonly property string title: "Studio 1"
        property alias low: lowFader.value
        property alias middle: middleFader.value
        property alias high: highFader.value
        property alias onAir: airSwitch.checked
        readonly property real loudest: Math.max(low, middle, high)
        signal clipped(level: real)
        onLoudestChanged: if (loudest > 0.95) clipped(loudest)

        function mute(): real {
            const before = loudest
            lowFader.value = middleFader.value = highFader.value = 0
            return before
        }
    }
    Host {
        hostUrl: root.url
        Shared {
            name: "desk"
            object: desk
        }
    }

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: 16
        spacing: 12
        RowLayout {
            Label {
                Layout.fillWidth: true
                text: desk.title
                font.bold: true
                font.pixelSize: 18
            }
            Switch {
                id: airSwitch
                text: "on air"
            }
        }
        RowLayout {
            uniformCellSizes: true
            Layout.fillWidth: true
            Layout.fillHeight: true
            Fader {
                id: lowFader
                name: "low"
                value: 0.35
            }
            Fader {
                id: middleFader
                name: "middle"
                value: 0.6
            }
            Fader {
                id: highFader
                name: "high"
                value: 0.25
            }
        }
    }
}
