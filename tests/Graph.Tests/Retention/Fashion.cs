using System.Globalization;
using System.Text.RegularExpressions;

namespace AuthzGraph.Graph.Tests.Retention;

/// <summary>Few names, of which each era wears some, and which come back when most of the others were worn: by then their numbers serve others.</summary>
internal static class Fashion
{
    private const int Names = 17;
    private const int NewPerEra = 2;
    private const int Worn = 4;

    private static readonly Regex Dated = new("[dfgv]([0-9]+)", RegexOptions.CultureInvariant);

    /// <summary>The number of a name of an era.</summary>
    public static int Pick(Random random, int era) => (NewPerEra * era + random.Next(Worn)) % Names;

    /// <summary>Whether a tuple names what the era does not wear.</summary>
    public static bool IsOut(string key, int era) =>
        Dated.Matches(key).Any(name => (int.Parse(name.Groups[1].ValueSpan, CultureInfo.InvariantCulture) + Names - NewPerEra * era % Names) % Names >= Worn);
}
