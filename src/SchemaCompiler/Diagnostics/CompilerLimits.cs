namespace AuthzGraph.SchemaCompiler.Diagnostics;

/// <summary>Every bound of the compiler, besides <see cref="Model.Limits.SchemaBytes"/>. Reaching one is a diagnostic.</summary>
internal static class CompilerLimits
{
    /// <summary>How deep an expression nests: parentheses, chained arrows, and each <c>-</c> of a chain count one. So do partials and imports.</summary>
    public const int Nesting = 64;

    /// <summary>How many files a schema has.</summary>
    public const int Files = 1_000;

    /// <summary>How many errors, and how many warnings, one compilation lists.</summary>
    public const int Listed = 100;

    /// <summary>How many definitions, members or allowed types a schema has: what an id can number.</summary>
    public const int Ids = ushort.MaxValue;

    /// <summary>How many approvals one permission may ask for.</summary>
    public const int Approvals = 16;

    /// <summary>How many parameters a caveat has, at least one.</summary>
    public const int Parameters = 20;

    /// <summary>How long a caveat's name is.</summary>
    public const int CaveatNameBytes = 128;

    /// <summary>How long a caveat's expression is, white space and comments not counted.</summary>
    public const int CaveatBytes = 4_096;

    /// <summary>How much of the author's text a message quotes, in characters.</summary>
    public const int Quoted = 100;
}
