using System.Globalization;
using System.Text;

namespace AuthzGraph.SchemaCompiler.Cel.Evaluation;

/// <summary><c>int(x)</c> and the other conversions. What does not fit is an error.</summary>
internal static class Conversions
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static CelValue ToInt(ref CelFrame frame, in CelValue value, in CelValue none) => value.Kind switch
    {
        CelKind.Int => value,
        CelKind.Uint => value.AsUint <= long.MaxValue ? CelValue.Of((long)value.AsUint) : NotA("int", value),
        CelKind.Double => Numbers.TryToInt(Math.Truncate(value.AsDouble), out long whole) ? CelValue.Of(whole) : NotA("int", value),
        CelKind.String => long.TryParse(value.AsString, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long read)
            ? CelValue.Of(read) : NotA("int", value),
        CelKind.Timestamp => CelValue.Of(value.AsTimestamp.Seconds),
        _ => NotA("int", value),
    };

    public static CelValue ToUint(ref CelFrame frame, in CelValue value, in CelValue none) => value.Kind switch
    {
        CelKind.Uint => value,
        CelKind.Int => value.AsInt >= 0 ? CelValue.Of((ulong)value.AsInt) : NotA("uint", value),
        CelKind.Double => Numbers.TryToUint(Math.Truncate(value.AsDouble), out ulong whole) ? CelValue.Of(whole) : NotA("uint", value),
        CelKind.String => ulong.TryParse(value.AsString, NumberStyles.None, CultureInfo.InvariantCulture, out ulong read)
            ? CelValue.Of(read) : NotA("uint", value),
        _ => NotA("uint", value),
    };

    public static CelValue ToDouble(ref CelFrame frame, in CelValue value, in CelValue none) => value.Kind switch
    {
        CelKind.Double => value,
        CelKind.Int => CelValue.Of((double)value.AsInt),
        CelKind.Uint => CelValue.Of((double)value.AsUint),
        CelKind.String => TryReadDouble(value.AsString, out double read) ? CelValue.Of(read) : NotA("double", value),
        _ => NotA("double", value),
    };

    public static CelValue ToBool(ref CelFrame frame, in CelValue value, in CelValue none) => value.Kind switch
    {
        CelKind.Bool => value,
        CelKind.String when value.AsString is "true" or "True" or "TRUE" or "t" or "T" or "1" => CelValue.True,
        CelKind.String when value.AsString is "false" or "False" or "FALSE" or "f" or "F" or "0" => CelValue.False,
        _ => NotA("bool", value),
    };

    public static CelValue ToText(ref CelFrame frame, in CelValue value, in CelValue none) => value.Kind switch
    {
        CelKind.String => value,
        CelKind.Bool => CelValue.Of(value.AsBool ? "true" : "false"),
        CelKind.Int => CelValue.Of(value.AsInt.ToString(CultureInfo.InvariantCulture)),
        CelKind.Uint => CelValue.Of(value.AsUint.ToString(CultureInfo.InvariantCulture)),
        CelKind.Double => CelValue.Of(Numbers.ToText(value.AsDouble)),
        CelKind.Bytes => Decode(value),
        CelKind.Timestamp => CelValue.Of(value.AsTimestamp.ToString()),
        CelKind.Duration => CelValue.Of(Durations.ToText(value.AsDuration)),
        CelKind.IpAddress => CelValue.Of(value.AsIpAddress.ToString()),
        _ => NotA("string", value),
    };

    public static CelValue ToBytes(ref CelFrame frame, in CelValue value, in CelValue none) => value.Kind switch
    {
        CelKind.Bytes => value,
        CelKind.String => CelValue.Of(Encoding.UTF8.GetBytes(value.AsString)),
        _ => NotA("bytes", value),
    };

    public static CelValue ToTimestamp(ref CelFrame frame, in CelValue value, in CelValue none) => value.Kind switch
    {
        CelKind.Timestamp => value,
        CelKind.String => CelInstant.TryParse(value.AsString, out CelInstant read) ? CelValue.Of(read) : NotA("timestamp", value),
        CelKind.Int => CelInstant.TryOf((Int128)value.AsInt * CelInstant.NanosecondsPerSecond, out CelInstant instant)
            ? CelValue.Of(instant) : NotA("timestamp", value),
        _ => NotA("timestamp", value),
    };

    public static CelValue ToDuration(ref CelFrame frame, in CelValue value, in CelValue none) => value.Kind switch
    {
        CelKind.Duration => value,
        CelKind.String => Durations.TryParse(value.AsString, out long read) ? CelValue.DurationOf(read) : NotA("duration", value),
        _ => NotA("duration", value),
    };

    public static CelValue TypeOf(ref CelFrame frame, in CelValue value, in CelValue none) => CelValue.TypeOf(CelKinds.CelNameOf(value.Kind));

    public static CelValue Same(ref CelFrame frame, in CelValue value, in CelValue none) => value;

    public static bool TryReadDouble(string text, out double value)
    {
        value = text switch
        {
            "NaN" => double.NaN,
            "Infinity" or "+Infinity" or "Inf" or "+Inf" => double.PositiveInfinity,
            "-Infinity" or "-Inf" => double.NegativeInfinity,
            _ => 0,
        };
        if (value != 0) return true;
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(text, style, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }

    private static CelValue Decode(in CelValue bytes)
    {
        try
        {
            return CelValue.Of(StrictUtf8.GetString(bytes.AsBytes));
        }
        catch (DecoderFallbackException)
        {
            return CelValue.Error("these bytes are not UTF-8, so they are no string");
        }
    }

    private static CelValue NotA(string type, in CelValue value) => value.Kind == CelKind.String
        ? CelValue.Error($"the string `{Syntax.Quoted.Short(value.AsString)}` cannot be made {CelKinds.One(type)}")
        : CelValue.Error($"this {CelKinds.NameOf(value.Kind)} cannot be made {CelKinds.One(type)}");
}
