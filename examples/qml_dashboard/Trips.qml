pragma ComponentBehavior: Bound

import QtQuick

// The trips of the car: a model in another process.
Item {
    id: trips

    property alias model: list.model
    property alias count: list.count
    property color accent: Look.blue

    Text {
        id: caption
        text: "TRIPS"
        color: Look.muted
        font.pixelSize: 10
        font.letterSpacing: 0.8
    }
    Text {
        anchors.right: parent.right
        text: "l / 100 km"
        color: Look.muted
        font.pixelSize: 10
    }
    ListView {
        id: list
        anchors.fill: parent
        anchors.topMargin: caption.height + 4
        clip: true
        interactive: contentHeight > height
        delegate: Item {
            id: trip
            required property int index
            // Null until the row has been fetched.
            required property var place
            required property var km
            required property var minutes
            required property var litres
            readonly property real each: km ? litres / km * 100 : 0
            width: ListView.view.width
            height: 37

            Text {
                y: 4
                text: trip.place ?? ""
                color: Look.text
                font.pixelSize: 13
                font.weight: trip.index === 0 ? Font.DemiBold : Font.Normal
            }
            Text {
                anchors.right: parent.right
                anchors.rightMargin: 52
                y: 5
                text: trip.km ? `${trip.km.toFixed(1)} km  ·  ${Math.round(trip.minutes)} min` : ""
                color: Look.muted
                font.pixelSize: 11
            }
            Text {
                anchors.right: parent.right
                y: 4
                text: trip.each ? trip.each.toFixed(1) : ""
                color: trip.index === 0 ? trips.accent : Look.text
                font.pixelSize: 13
            }
            Rectangle {
                y: 26
                width: parent.width
                height: 3
                radius: 1.5
                color: Look.edge
                Rectangle {
                    width: parent.width * Math.min(1, trip.each / 12)
                    height: 3
                    radius: 1.5
                    color: trip.index === 0 ? trips.accent : Look.muted
                }
            }
        }
    }
}
