namespace AuthzGraph.SchemaCompiler.Cel;

/// <summary>The bound of one evaluation; those of the language are constants. The default allows nothing.</summary>
/// <param name="Steps">Operations, and elements or 16 characters looked at. Reaching it is an error result.</param>
public readonly record struct CelLimits(int Steps)
{
    /// <summary>Characters of an expression.</summary>
    public const int SourceCharacters = 100_000;

    /// <summary>How deep an expression nests; of a chain such as <c>a + b + c</c> each operator counts, except <c>&amp;&amp;</c> and <c>||</c>.</summary>
    public const int Nesting = 250;

    /// <summary>Variables of one expression.</summary>
    public const int Variables = 64;

    /// <summary>How deep macros with a variable of their own nest.</summary>
    public const int Comprehensions = 8;

    /// <summary>Errors one compilation lists.</summary>
    public const int Errors = 100;

    /// <summary>How deep the lists and maps of a context nest.</summary>
    public const int ContextNesting = 64;

    /// <summary>Characters and classes of a pattern for <c>matches</c>, repetitions multiplied out; a class beyond U+FFFF is three.</summary>
    public const int PatternSize = 1_000;

    /// <summary>How often a pattern repeats something by number, nested repetitions multiplied; RE2 has the same.</summary>
    public const int PatternRepetitions = 1_000;

    public static CelLimits Default { get; } = new(100_000);
}
