pragma Singleton
import QtQuick

// The colours of the dashboard.
QtObject {
    readonly property color text: "#eef4fa"
    readonly property color muted: "#8397aa"
    readonly property color faint: "#33424f"
    readonly property color panel: "#0e1720"
    readonly property color edge: "#1e2b38"
    readonly property color red: "#ff4d4f"
    readonly property color amber: "#ffb020"
    readonly property color green: "#37d67a"
    readonly property color blue: "#4aa8ff"
    // One for each mode of the car.
    readonly property list<color> modes: ["#37d67a", "#35b6ff", "#ff5a3c"]
}
