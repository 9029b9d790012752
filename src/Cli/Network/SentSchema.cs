using System.Collections.Immutable;
using AuthzGraph.Validation;

namespace AuthzGraph.Cli.Network;

/// <summary>What a server is sent for a schema's file: the file's text, or when it imports others, the text that stands for all.</summary>
/// <param name="Text">Null when what it imports does not go together.</param>
/// <param name="Diagnostics">Of the files, when there is no text; a file alone is the server's to judge.</param>
internal sealed record SentSchema(SourceText? Text, ImmutableArray<FileDiagnostic> Diagnostics)
{
    public static SentSchema Read(string path)
    {
        SourceText source = FileText.Read(path);
        CompiledFile compiled = CompiledFile.Of(source);
        if (!compiled.HasImports) return new SentSchema(source, []);
        return compiled.Schema is { } schema
            ? new SentSchema(new SourceText($"{path}, put together", schema.Text), [])
            : new SentSchema(null, compiled.Diagnostics);
    }
}
