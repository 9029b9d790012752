using System.Collections.Frozen;

namespace AuthzGraph.SchemaCompiler.Cel.Syntax;

/// <summary>How tight operators bind, loosest first.</summary>
internal static class Precedence
{
    public const int Loosest = 0;
    public const int And = 1;

    /// <summary>-1 for what is no operator between two operands.</summary>
    public static int Of(CelTokenKind kind) => kind switch
    {
        CelTokenKind.Or => Loosest,
        CelTokenKind.And => And,
        CelTokenKind.Equal or CelTokenKind.NotEqual or CelTokenKind.Less or CelTokenKind.LessOrEqual
            or CelTokenKind.Greater or CelTokenKind.GreaterOrEqual or CelTokenKind.In => 2,
        CelTokenKind.Plus or CelTokenKind.Minus => 3,
        CelTokenKind.Star or CelTokenKind.Slash or CelTokenKind.Percent => 4,
        _ => -1,
    };

    /// <summary>As it is written.</summary>
    public static string TextOf(CelTokenKind kind) => kind switch
    {
        CelTokenKind.Or => "||",
        CelTokenKind.And => "&&",
        CelTokenKind.Equal => "==",
        CelTokenKind.NotEqual => "!=",
        CelTokenKind.Less => "<",
        CelTokenKind.LessOrEqual => "<=",
        CelTokenKind.Greater => ">",
        CelTokenKind.GreaterOrEqual => ">=",
        CelTokenKind.In => "in",
        CelTokenKind.Plus => "+",
        CelTokenKind.Minus => "-",
        CelTokenKind.Star => "*",
        CelTokenKind.Slash => "/",
        CelTokenKind.Percent => "%",
        CelTokenKind.Not => "!",
        _ => "",
    };
}

/// <summary>Words that name no variable; after a dot they are names like any other.</summary>
internal static class ReservedWords
{
    private static readonly FrozenSet<string> Words = FrozenSet.Create(StringComparer.Ordinal,
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace",
        "return", "var", "void", "while");

    public static bool Contains(string word) => Words.Contains(word);
}

internal static class Quoted
{
    private const int Limit = 60;

    /// <summary>As much of the author's text as a message can bear.</summary>
    public static string Short(string text) => text.Length <= Limit ? text : text[..(char.IsHighSurrogate(text[Limit - 1]) ? Limit - 1 : Limit)] + "…";
}
