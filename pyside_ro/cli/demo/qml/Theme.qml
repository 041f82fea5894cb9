pragma Singleton
import QtQuick

// The colours of the demo's QML window.
QtObject {
    readonly property color ground: "#0d141b"
    readonly property color panel: "#141d26"
    readonly property color glass: "#e6141d26"
    readonly property color edge: "#263441"
    readonly property color groove: "#243240"
    readonly property color text: "#e9eff5"
    readonly property color muted: "#8b9cad"
    readonly property color faded: "#52616f"
    readonly property color accent: "#3ea6ff"
    readonly property color good: "#41cd7d"
    readonly property color fair: "#f0b445"
    readonly property color bad: "#ff6b6b"

    readonly property var links: ({ waiting: fair, live: good, lost: bad, mismatch: bad })
    readonly property var fixes: ({ 0: bad, 1: fair, 2: "#35c6c6", 4: good, 5: "#9fd356" })
    readonly property var fixNames: ({
        0: "No fix", 1: "GPS", 2: "DGPS", 4: "RTK fixed", 5: "RTK float"
    })
    readonly property var inks: ({
        cyan: "#22b8ef", magenta: "#ec4f9e", yellow: "#f7ca31", black: "#98a6b4"
    })
}
