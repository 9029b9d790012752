using System.Text.RegularExpressions;

namespace AuthzGraph.SchemaCompiler.Cel.Patterns;

/// <summary>
/// A pattern for <c>matches</c>: RE2's syntax and meaning, in time linear in the text. It is translated for the framework's
/// non-backtracking engine; what that engine would understand otherwise is refused.
/// </summary>
internal sealed class CelPattern
{
    private readonly Regex _regex;

    private CelPattern(Regex regex, int size)
    {
        _regex = regex;
        Size = size;
    }

    /// <summary>Characters and classes, counted repetitions multiplied out; at least 1.</summary>
    public int Size { get; }

    /// <returns>The pattern; null, and what is wrong with it, when it is none.</returns>
    public static CelPattern? TryParse(string text, out string problem)
    {
        PatternTranslator translator = new(text);
        if (!translator.TryTranslate(out string translated, out int size, out problem)) return null;
        try
        {
            return new CelPattern(new Regex(translated, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant), size);
        }
        catch (Exception refused) when (refused is ArgumentException or NotSupportedException)
        {
            problem = $"`{Syntax.Quoted.Short(text)}` is a pattern that is not supported";
            return null;
        }
    }

    /// <summary>Whether it matches some part of the text.</summary>
    public bool IsMatch(string text) => _regex.IsMatch(text);
}
