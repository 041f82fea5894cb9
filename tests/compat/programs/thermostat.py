"""What the thermostat's host and client agree on."""

TEXT = """
POD CompatReading(float celsius, QString room)

class CompatThermostat
{
    ENUM Mode {Off, Eco, Comfort = 5}
    PROP(double target = 20.5 READWRITE);
    PROP(bool heating SOURCEONLYSETTER);
    PROP(QString label = "main");
    PROP(CompatReading reading SOURCEONLYSETTER);
    PROP(QStringList history SOURCEONLYSETTER);
    SIGNAL(reached(double celsius, const QString &label));
    SLOT(void heat(double target));
    SLOT(int note(const QString &text));
    SLOT(double difference(double celsius));
};
"""
