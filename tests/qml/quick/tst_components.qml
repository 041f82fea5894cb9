import QtQuick
import QtQuick.Controls
import QtTest
import PySideRO

// A host, its client and the components in one QML file, tested by Qt Quick Test.
TestCase {
    id: test
    name: "Components"
    width: 700
    height: 500
    visible: true
    when: windowShown

    property string url
    property int calls: 0

    QtObject {
        id: panel
        property int level: 3
        property bool on: false
        property real gain: 0.5
        readonly property string maker: "us"
        signal pressed(string button)
        function raise(by: int): int {
            test.calls += 1
            level += by
            return level
        }
    }
    Host {
        id: host
        hostUrl: "tcp://127.0.0.1:0"
        Shared {
            name: "panel"
            object: panel
        }
    }
    Node {
        id: net
        connectTo: [host.hostUrl]
    }
    Replica {
        id: replica
        node: net
        name: "panel"
    }
    ReplicaForm {
        id: form
        anchors.fill: parent
        replica: replica
    }
    ConnectionBadge {
        id: badge
        replica: replica.object
    }

    function named(name: string, item: Item): Item {
        if (item.Accessible.name === name && !item.Accessible.ignored)
            return item
        for (const child of item.children) {
            const found = named(name, child)
            if (found)
                return found
        }
        return null
    }

    function init() {
        tryVerify(() => replica.valid && named("on", form))
        panel.level = 3
        panel.on = false
        tryVerify(() => replica.object.level === 3 && !(named("on", form) as Switch).checked)
    }

    function test_badge() {
        tryCompare(badge, "word", "live")
        verify(badge.width > 0 && badge.height > 0)
        compare(badge.Accessible.name, "live")
    }

    function test_mouse() {
        const toggle = named("on", form)
        mouseClick(toggle)
        tryCompare(panel, "on", true)
        panel.on = false
        tryCompare(toggle, "checked", false)
    }

    function test_keyboard() {
        named("level", form).forceActiveFocus(Qt.TabFocusReason)
        keyClick(Qt.Key_Up)
        tryCompare(panel, "level", 4)
    }

    function test_call() {
        const before = calls
        mouseClick(named("raise", form))
        tryVerify(() => calls === before + 1)
        tryVerify(() => named("raise: 3", form))
    }

    function test_a_larger_font_makes_a_larger_form_data() {
        return [{tag: "form", item: form}, {tag: "badge", item: badge}]
    }
    function test_a_larger_font_makes_a_larger_form(data) {
        const before = [data.item.implicitWidth, data.item.implicitHeight]
        const size = data.item.font.pixelSize
        data.item.font.pixelSize = size * 2
        tryVerify(() => data.item.implicitWidth > before[0] * 1.3)
        verify(data.item.implicitHeight > before[1])
        data.item.font.pixelSize = size
        tryCompare(data.item, "implicitWidth", before[0])
    }
}
