using System.Globalization;

namespace AuthzGraph.SchemaCompiler.Cel.Evaluation;

/// <summary>Exact arithmetic between the three kinds of number.</summary>
internal static class Numbers
{
    private const double TwoToThe63 = 9223372036854775808.0;
    private const double TwoToThe64 = 18446744073709551616.0;

    /// <summary>Whole and within range only.</summary>
    public static bool TryToInt(double value, out long whole)
    {
        bool fits = value >= -TwoToThe63 && value < TwoToThe63 && Math.Truncate(value) == value;
        whole = fits ? (long)value : 0;
        return fits;
    }

    /// <summary>Whole and within range only.</summary>
    public static bool TryToUint(double value, out ulong whole)
    {
        bool fits = value >= 0 && value < TwoToThe64 && Math.Truncate(value) == value;
        whole = fits ? (ulong)value : 0;
        return fits;
    }

    /// <summary>On one line of numbers, whatever their kinds. False when one of them is not a number at all.</summary>
    public static bool TryCompare(in CelValue left, in CelValue right, out int order)
    {
        order = (left.Kind, right.Kind) switch
        {
            (CelKind.Int, CelKind.Int) => left.AsInt.CompareTo(right.AsInt),
            (CelKind.Uint, CelKind.Uint) => left.AsUint.CompareTo(right.AsUint),
            (CelKind.Double, CelKind.Double) => left.AsDouble.CompareTo(right.AsDouble),
            (CelKind.Int, CelKind.Uint) => Compare(left.AsInt, right.AsUint),
            (CelKind.Uint, CelKind.Int) => -Compare(right.AsInt, left.AsUint),
            (CelKind.Int, CelKind.Double) => Compare(left.AsInt, right.AsDouble),
            (CelKind.Double, CelKind.Int) => -Compare(right.AsInt, left.AsDouble),
            (CelKind.Uint, CelKind.Double) => Compare(left.AsUint, right.AsDouble),
            _ => -Compare(right.AsUint, left.AsDouble),
        };
        return !IsNaN(left) && !IsNaN(right);
    }

    /// <summary>As Go's shortest <c>%g</c>: an exponent of at least two digits below 1e-4 and from 1e6 on.</summary>
    public static string ToText(double value)
    {
        if (double.IsNaN(value)) return "NaN";
        if (double.IsInfinity(value)) return value > 0 ? "+Inf" : "-Inf";
        if (value == 0) return double.IsNegative(value) ? "-0" : "0";
        string scientific = value.ToString("E16", CultureInfo.InvariantCulture);
        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        int exponent = int.Parse(scientific.AsSpan(scientific.IndexOf('E') + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return exponent is >= -4 and < 6 ? shortest : Scientific(shortest, exponent);
    }

    private static bool IsNaN(in CelValue value) => value.Kind == CelKind.Double && double.IsNaN(value.AsDouble);

    private static int Compare(long left, ulong right) => left < 0 ? -1 : ((ulong)left).CompareTo(right);

    private static int Compare(long left, double right)
    {
        if (right >= TwoToThe63) return -1;
        if (right < -TwoToThe63) return 1;
        double floor = Math.Floor(right);
        int whole = left.CompareTo((long)floor);
        return whole != 0 ? whole : floor < right ? -1 : 0;
    }

    private static int Compare(ulong left, double right)
    {
        if (right >= TwoToThe64) return -1;
        if (right < 0) return 1;
        double floor = Math.Floor(right);
        int whole = left.CompareTo((ulong)floor);
        return whole != 0 ? whole : floor < right ? -1 : 0;
    }

    private static string Scientific(string shortest, int exponent)
    {
        int end = shortest.IndexOf('E');
        string digits = (end < 0 ? shortest : shortest[..end]).Replace(".", "").TrimStart('-').Trim('0');
        string sign = shortest[0] == '-' ? "-" : "";
        string fraction = digits.Length > 1 ? $".{digits[1..]}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }
}
