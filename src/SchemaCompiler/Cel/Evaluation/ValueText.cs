using System.Globalization;
using System.Text;

namespace AuthzGraph.SchemaCompiler.Cel.Evaluation;

/// <summary>A value as one would write it in CEL; entries of maps in the order of their keys' text.</summary>
internal static class ValueText
{
    public static string Of(in CelValue value) => value.Kind switch
    {
        CelKind.Null => "null",
        CelKind.Bool => value.AsBool ? "true" : "false",
        CelKind.Int => value.AsInt.ToString(CultureInfo.InvariantCulture),
        CelKind.Uint => value.AsUint.ToString(CultureInfo.InvariantCulture) + "u",
        CelKind.Double => Double(value.AsDouble),
        CelKind.String => Quote(value.AsString),
        CelKind.Bytes => $"b\"{string.Concat(value.AsBytes.Select(Octet))}\"",
        CelKind.Duration => $"duration(\"{Durations.ToText(value.AsDuration)}\")",
        CelKind.Timestamp => $"timestamp(\"{value.AsTimestamp}\")",
        CelKind.IpAddress => value.AsIpAddress.ToString(),
        CelKind.List => $"[{string.Join(", ", value.AsList.Items.ToArray().Select(item => Of(item)))}]",
        CelKind.Map => $"{{{string.Join(", ", Entries(value.AsMap).Order(StringComparer.Ordinal))}}}",
        CelKind.Type => value.AsType,
        CelKind.Missing => "missing",
        _ => $"error: {value.AsError}",
    };

    private static string Double(double value)
    {
        string text = Numbers.ToText(value);
        return text.AsSpan().IndexOfAny(".eNI") < 0 ? $"{text}.0" : text;
    }

    private static IEnumerable<string> Entries(CelMap map)
    {
        for (int i = 0; i < map.Count; i++)
        {
            CelValue key = map.KeyAt(i);
            if (map.TryGet(key, out CelValue value)) yield return $"{Of(key)}: {Of(value)}";
        }
    }

    private static string Octet(byte octet) =>
        octet is >= 0x20 and < 0x7F and not ((byte)'"' or (byte)'\\') ? ((char)octet).ToString() : string.Create(CultureInfo.InvariantCulture, $"\\x{octet:x2}");

    private static string Quote(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (char unit in text)
        {
            if (unit is '"' or '\\') quoted.Append('\\').Append(unit);
            else if (char.IsControl(unit)) quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
            else quoted.Append(unit);
        }
        return quoted.Append('"').ToString();
    }
}
