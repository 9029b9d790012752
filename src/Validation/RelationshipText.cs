using System.Collections.Immutable;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Validation;

/// <summary>A tuple and where it was written.</summary>
public readonly record struct LocatedTuple(RelationTuple Tuple, SourceText Source, LinePosition Position, int Length)
{
    internal FileDiagnostic Error(string message, string? help = null) => Source.Error(Position, Length, message, help);
}

/// <summary>Relationships as text: one on each line, with blank lines and <c>//</c> comments between them.</summary>
public static class RelationshipText
{
    /// <summary>Reads a whole file. Every line that is no relationship is one error.</summary>
    public static (ImmutableArray<LocatedTuple> Tuples, ImmutableArray<FileDiagnostic> Errors) Read(SourceText source)
    {
        List<FileDiagnostic> errors = [];
        ImmutableArray<LocatedTuple> tuples = [.. Read(source.Whole(), errors)];
        return (tuples, [.. errors]);
    }

    internal static List<LocatedTuple> Read(MappedText mapped, List<FileDiagnostic> errors)
    {
        List<LocatedTuple> tuples = [];
        int offset = 0;
        foreach (string line in mapped.Text.Split('\n'))
        {
            string trimmed = line.Trim();
            LinePosition at = mapped.PositionAt(offset + line.Length - line.TrimStart().Length);
            offset += line.Length + 1;
            if (trimmed.Length == 0 || trimmed.StartsWith("//", StringComparison.Ordinal)) continue;
            if (ReadOne(trimmed, mapped.Source, at, errors) is { } tuple) tuples.Add(tuple);
        }
        return tuples;
    }

    internal static LocatedTuple? ReadOne(string text, SourceText source, LinePosition at, List<FileDiagnostic> errors)
    {
        try
        {
            return new LocatedTuple(RelationTuple.Parse(text), source, at, text.Length);
        }
        catch (RejectionException problem)
        {
            errors.Add(source.Error(at, text.Length, problem.Message, Help(text)));
            return null;
        }
    }

    private static string? Help(string text) =>
        text.Count(c => c == '@') > 1 && text.Contains(' ')
            ? "two relationships on one line? in YAML, `relationships: |` keeps lines apart and `>` folds them together"
            : null;
}
