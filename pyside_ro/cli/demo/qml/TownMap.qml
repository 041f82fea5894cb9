import QtQuick

// The town seen from above, with the track of the last minutes and the bus.
Item {
    id: view

    required property var town
    property bool alive: false
    property real heading: 0
    property var track: []

    // Metres that are seen at least, and what lies in the middle of the free part of the view.
    readonly property real metres: Math.min(width / 2480, (height - bottomInset) / 1560)
    property real bottomInset: 0
    readonly property real middleX: width / 2
    readonly property real middleY: (height - bottomInset) / 2 + 14
    readonly property color ink: alive ? Theme.accent : Theme.muted

    function placeX(east) { return middleX + (east + 140) * metres }
    function placeY(north) { return middleY - (north - 40) * metres }

    function load(points) {
        track = points
        if (points.length)
            bus.place(points[points.length - 1])
        trail.requestPaint()
    }

    function grow(east, north) {
        track.push([east, north])
        if (track.length > 3000)
            track.shift()
        bus.place([east, north])
        trail.requestPaint()
    }

    function line(ctx, points, closed) {
        ctx.beginPath()
        ctx.moveTo(placeX(points[0][0]), placeY(points[0][1]))
        for (let i = 1; i < points.length; ++i)
            ctx.lineTo(placeX(points[i][0]), placeY(points[i][1]))
        if (closed)
            ctx.closePath()
    }

    onMetresChanged: { backdrop.requestPaint(); trail.requestPaint() }
    onAliveChanged: trail.requestPaint()

    Canvas {
        id: backdrop
        anchors.fill: parent
        onPaint: {
            const ctx = getContext("2d")
            const town = view.town
            ctx.reset()
            ctx.lineCap = "round"
            ctx.lineJoin = "round"
            ctx.fillStyle = "#16202a"
            ctx.fillRect(0, 0, width, height)

            function fill(lines, colour) {
                ctx.fillStyle = colour
                for (const points of lines) { view.line(ctx, points, true); ctx.fill() }
            }
            function stroke(lines, colour, metres) {
                ctx.strokeStyle = colour
                ctx.lineWidth = Math.max(0.8, metres * view.metres)
                for (const points of lines) { view.line(ctx, points, false); ctx.stroke() }
            }
            fill(town.blocks, "#1b2732")
            stroke(town.streets, "#25333f", 13)
            fill(town.parks, "#183a2d")
            stroke([town.coast], "#1d4d73", 10)
            stroke([town.river], "#1d4d73", town.riverWidth + 14)
            stroke([town.river], "#12334e", town.riverWidth)
            fill([town.coast], "#12334e")
            stroke(town.mainRoads, "#10181f", 42)
            stroke(town.mainRoads, "#3c5163", 29)

            ctx.font = "9px sans-serif"
            ctx.textAlign = "center"
            for (const label of town.labels) {
                ctx.fillStyle = /BAY|RIVER/.test(label.text) ? "#6aa7d6"
                              : /PARK/.test(label.text) ? "#6fb58c" : "#8494a3"
                ctx.fillText(label.text, view.placeX(label.at[0]), view.placeY(label.at[1]) + 3)
            }
            for (const stop of town.stops) {
                ctx.beginPath()
                ctx.arc(view.placeX(stop.at[0]), view.placeY(stop.at[1]), 3, 0, 2 * Math.PI)
                ctx.fillStyle = "#dfe8f0"
                ctx.fill()
            }
            const left = 18, bottom = height - view.bottomInset - 12
            ctx.strokeStyle = ctx.fillStyle = "#8b9cad"
            ctx.lineWidth = 1.6
            ctx.beginPath()
            ctx.moveTo(left, bottom - 5)
            ctx.lineTo(left, bottom)
            ctx.lineTo(left + 500 * view.metres, bottom)
            ctx.lineTo(left + 500 * view.metres, bottom - 5)
            ctx.stroke()
            ctx.textAlign = "left"
            ctx.font = "10px sans-serif"
            ctx.fillText("500 m", left + 6, bottom - 5)
        }
    }

    Canvas {
        id: trail
        anchors.fill: parent
        onPaint: {
            const ctx = getContext("2d")
            const points = view.track, count = points.length
            ctx.reset()
            ctx.lineWidth = 4
            ctx.lineJoin = "round"
            const piece = Math.max(1, Math.floor(count / 30))
            for (let start = 0; start < count - 1; start += piece) {
                ctx.strokeStyle = Qt.rgba(view.ink.r, view.ink.g, view.ink.b,
                                          0.1 + 0.9 * start / count)
                view.line(ctx, points.slice(start, start + piece + 1), false)
                ctx.stroke()
            }
        }
    }

    Item {
        id: bus

        property var at: null

        function place(point) { at = point }

        visible: at !== null
        x: at ? view.placeX(at[0]) : 0
        y: at ? view.placeY(at[1]) : 0

        Rectangle {
            anchors.centerIn: parent
            width: 44
            height: 44
            radius: 22
            color: Qt.rgba(view.ink.r, view.ink.g, view.ink.b, 0.22)
        }
        Rectangle {
            anchors.centerIn: parent
            width: 25
            height: 25
            radius: 12.5
            color: view.ink
            border.color: "white"
            border.width: 2.5
        }
        Canvas {
            // Only the arrow turns: without a GPU, turned rectangles would show their seams.
            anchors.centerIn: parent
            rotation: view.heading
            width: 14
            height: 14
            onPaint: {
                const ctx = getContext("2d")
                ctx.reset()
                ctx.fillStyle = "white"
                ctx.beginPath()
                ctx.moveTo(7, 0.5)
                ctx.lineTo(11.6, 11.8)
                ctx.lineTo(7, 9.4)
                ctx.lineTo(2.4, 11.8)
                ctx.closePath()
                ctx.fill()
            }
        }
    }
}
