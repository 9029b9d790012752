using System.Collections.Immutable;
using AuthzGraph.Graph;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Validation;

/// <summary>A schema's file compiled with all that it imports, and what was said of each file.</summary>
/// <param name="HasImports">Whether the file imports others: then its own text is not the schema.</param>
public sealed record CompiledFile(CompiledSchema? Schema, ImmutableArray<FileDiagnostic> Diagnostics, bool HasImports)
{
    /// <summary>What it imports is found from the folder of <see cref="SourceText.Name"/>.</summary>
    /// <exception cref="IOException">A file that is imported is there and cannot be read.</exception>
    public static CompiledFile Of(SourceText source) => Of(source.Whole());

    /// <summary>The same of a text that is part of a file.</summary>
    internal static CompiledFile Of(MappedText text)
    {
        Compilation compilation = SchemaFolder.Compile(text.Source.Name, text.Text);
        Dictionary<string, SourceText> others = compilation.Files.Skip(1).ToDictionary(file => file.Path, file => Beside(text.Source.Name, file));
        return new CompiledFile(compilation.Schema, [.. compilation.Diagnostics.Select(Located)], compilation.HasImports);

        FileDiagnostic Located(Diagnostic found) => found.File is { } file && others.TryGetValue(file, out SourceText? other)
            ? other.From(found, found.Position)
            : text.Source.From(found, text.PositionAt(found.Span.Start));
    }

    private static SourceText Beside(string first, SchemaFile file) =>
        new(Path.Combine(Path.GetDirectoryName(first) ?? "", file.Path), file.Text);
}
