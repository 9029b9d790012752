using System.Text;
using AuthzGraph.SchemaCompiler.Formatting;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Editing;

/// <summary>What is declared as its author would write it on a line, and what the comments above it say.</summary>
internal static class Signature
{
    private const int MaxCharacters = 1_000;

    /// <summary><c>relation viewer: user | team#member</c>, <c>definition folder</c>, <c>caveat weekday(day string)</c>, <c>day string</c>.</summary>
    public static string Of(Declared declared)
    {
        if (declared is Declared.Parameter parameter) return $"{parameter.Name.Text} {TypeText(parameter.Syntax.Type)}";
        TokenRange tokens = declared.Tokens;
        StringBuilder text = new();
        StatementLayout.Append(text, tokens with { All = tokens.All.WithoutComments() }, 0);
        string line = text.ToString().TrimEnd('{', ' ');
        return line.Length <= MaxCharacters ? line : $"{line[..MaxCharacters]}…";
    }

    /// <summary>Null when nothing stands above it.</summary>
    public static string? Comment(Declared declared) =>
        declared is Declared.Parameter ? null : Binding.DocComment.Of(declared.Tokens.First);

    private static string TypeText(ParameterTypeSyntax type) =>
        type.Child is { } child ? $"{type.Word.Text}<{TypeText(child)}>" : type.Word.Text;
}
