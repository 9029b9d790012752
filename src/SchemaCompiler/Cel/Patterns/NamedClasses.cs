using System.Globalization;

namespace AuthzGraph.SchemaCompiler.Cel.Patterns;

/// <summary>Classes of RE2 with a name: <c>\d</c>, <c>[:alpha:]</c>, <c>\p{Lu}</c>.</summary>
internal static class NamedClasses
{
    private static readonly string[] Categories =
        ["Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Pc", "Pd", "Ps", "Pe",
         "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn"];

    /// <summary>Where the category of code points changes, from the first on.</summary>
    private static readonly (int First, UnicodeCategory Category)[] Runs = [.. FindRuns()];

    /// <summary>ASCII only, as in RE2; null for every other letter.</summary>
    public static CodePointSet? OfLetter(char letter) => char.ToLowerInvariant(letter) switch
    {
        'd' => Signed(letter, Of("09")),
        's' => Signed(letter, Of("\t\n\f\r  ")),
        'w' => Signed(letter, Of("09AZ__az")),
        _ => null,
    };

    public static CodePointSet? OfPosix(string name) => name switch
    {
        "alnum" => Of("09AZaz"),
        "alpha" => Of("AZaz"),
        "ascii" => new CodePointSet().Add(0, 0x7F),
        "blank" => Of("\t\t  "),
        "cntrl" => new CodePointSet().Add(0, 0x1F).Add(0x7F, 0x7F),
        "digit" => Of("09"),
        "graph" => Of("!~"),
        "lower" => Of("az"),
        "print" => Of(" ~"),
        "punct" => Of("!/:@[`{~"),
        "space" => Of("\t\r  "),
        "upper" => Of("AZ"),
        "word" => Of("09AZaz__"),
        "xdigit" => Of("09AFaf"),
        _ => null,
    };

    /// <summary>A general category, by one letter or two, or <c>Any</c>; null for every other name, scripts included.</summary>
    public static CodePointSet? OfCategory(string name)
    {
        if (name == "Any") return new CodePointSet().Add(0, 0x10FFFF);
        if (name is "Cn" or "" || !Categories.Any(category => category.StartsWith(name, StringComparison.Ordinal))) return null;
        CodePointSet set = new();
        for (int i = 0; i < Runs.Length; i++)
        {
            string category = Categories[(int)Runs[i].Category];
            if (category != "Cn" && category.StartsWith(name, StringComparison.Ordinal))
                set.Add(Runs[i].First, (i + 1 < Runs.Length ? Runs[i + 1].First : 0x110000) - 1);
        }
        return set;
    }

    private static CodePointSet Signed(char letter, CodePointSet set) => char.IsAsciiLetterUpper(letter) ? set.Complement() : set;

    private static CodePointSet Of(string pairs)
    {
        CodePointSet set = new();
        for (int i = 0; i < pairs.Length; i += 2) set.Add(pairs[i], pairs[i + 1]);
        return set;
    }

    private static IEnumerable<(int, UnicodeCategory)> FindRuns()
    {
        UnicodeCategory? last = null;
        for (int code = 0; code < 0x110000; code++)
        {
            UnicodeCategory category = CharUnicodeInfo.GetUnicodeCategory(code);
            if (category != last) yield return (code, category);
            last = category;
        }
    }
}
