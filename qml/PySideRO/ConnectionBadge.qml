import QtQuick
import QtQuick.Controls
import PySideRO

// Whether a replica, or else a node, is connected: live, lost or waiting, and why.
Control {
    id: badge

    // A Replica, its object, or a typed replica.
    property QtObject replica
    // A Node; shown when there is no replica.
    property QtObject node
    // Whether the reason stands in the badge; in any case it is its tool tip.
    property bool reasonShown: true

    readonly property bool live: link.state === LinkState.Live
    readonly property alias reason: link.reason
    readonly property string word: [qsTr("waiting"), qsTr("live"), qsTr("lost")][link.state]

    readonly property real _em: metrics.height
    // Of the text's colour, as a style's themes change that: dark text is on a light ground.
    readonly property bool _dark: label.color.hslLightness > 0.5
    readonly property color _colour: (_dark ? ["#f2b23e", "#3fcf7f", "#ff6b62"]
                                            : ["#a86400", "#12803c", "#c4271c"])[link.state]

    leftPadding: _em * 0.55
    rightPadding: _em * 0.65
    topPadding: _em * 0.16
    bottomPadding: topPadding
    spacing: _em * 0.4
    implicitWidth: leftPadding + implicitContentWidth + rightPadding
    implicitHeight: topPadding + implicitContentHeight + bottomPadding
    hoverEnabled: true

    Accessible.role: Accessible.Indicator
    Accessible.name: word
    Accessible.description: link.reason
    ToolTip.text: link.reason
    ToolTip.delay: 300
    ToolTip.visible: hovered && link.reason !== ""

    LinkState {
        id: link
        of: badge.replica ?? badge.node
    }
    FontMetrics {
        id: metrics
        font: badge.font
    }

    background: Rectangle {
        radius: height / 2
        color: Qt.alpha(badge._colour, 0.14)
        border.color: Qt.alpha(badge._colour, 0.55)
    }
    contentItem: Item {
        implicitWidth: dot.width + badge.spacing + Math.ceil(label.implicitWidth)
        implicitHeight: label.implicitHeight

        Rectangle {
            id: dot
            width: Math.round(badge._em * 0.5)
            height: width
            radius: width / 2
            anchors.verticalCenter: parent.verticalCenter
            // A ring while it waits: not by colour alone.
            color: link.state === LinkState.Waiting ? "transparent" : badge._colour
            border.color: badge._colour
            border.width: Math.max(1, Math.round(width / 5))
        }
        Label {
            id: label
            anchors.left: dot.right
            anchors.leftMargin: badge.spacing
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            elide: Text.ElideRight
            font: badge.font
            text: badge.reasonShown && link.reason ? `${badge.word}: ${link.reason}` : badge.word
            textFormat: Text.PlainText
            Accessible.ignored: true
        }
    }
}
