namespace AuthzGraph.SchemaCompiler.Cel.Patterns;

/// <summary>Classes of RE2 with a name: <c>\d</c>, <c>[:alpha:]</c>.</summary>
internal static class NamedClasses
{
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

    private static CodePointSet Signed(char letter, CodePointSet set) => char.IsAsciiLetterUpper(letter) ? set.Complement() : set;

    private static CodePointSet Of(string pairs)
    {
        CodePointSet set = new();
        for (int i = 0; i < pairs.Length; i += 2) set.Add(pairs[i], pairs[i + 1]);
        return set;
    }
}
