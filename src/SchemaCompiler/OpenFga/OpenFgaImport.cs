using System.Collections.Immutable;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler.Diagnostics;

namespace AuthzGraph.SchemaCompiler.OpenFga;

/// <summary>What became of an OpenFGA model.</summary>
/// <param name="Schema">The schema in its canonical form; null when anything did not translate, since part of a model may let in
/// whom the whole keeps out.</param>
/// <param name="Diagnostics">What did not translate, with its place in the model.</param>
/// <param name="Changes">Every name that is another one now, in the order of the model.</param>
public sealed record OpenFgaTranslation(
    string? Schema, ImmutableArray<Diagnostic> Diagnostics, ImmutableArray<OpenFgaChange> Changes);

/// <summary>
/// Translates models in OpenFGA's language (schema 1.1 and 1.2, without modules). Checks and usersets keep their meaning under
/// the names they had: where OpenFGA both writes and computes a relation, the permission keeps the name and a relation
/// <c>…_direct</c> holds what is written. docs/openfga.md has the whole mapping.
/// </summary>
public static class OpenFgaImport
{
    /// <summary>Never throws for what the model's author wrote.</summary>
    public static OpenFgaTranslation Translate(string dsl)
    {
        SourceText source = new(dsl);
        DiagnosticBag diagnostics = new(source);
        return Model(source, diagnostics) is { } model && !diagnostics.HasErrors
            ? Translate(source, model, diagnostics)
            : new OpenFgaTranslation(null, diagnostics.InOrder(), []);
    }

    private static FgaModel? Model(SourceText source, DiagnosticBag diagnostics)
    {
        int limit = Limits.Default.SchemaBytes;
        if (source.Utf8Bytes <= limit) return FgaParser.Parse(source, diagnostics);
        diagnostics.Add(FgaCatalogue.TextTooLong(new TextSpan(0, 0), source.Utf8Bytes, limit));
        return null;
    }

    private static OpenFgaTranslation Translate(SourceText source, FgaModel model, DiagnosticBag diagnostics)
    {
        FgaSymbols symbols = new(model, diagnostics);
        FgaCheck.Report(model, symbols, diagnostics);
        if (diagnostics.HasErrors) return new OpenFgaTranslation(null, diagnostics.InOrder(), []);
        FgaNames names = new(model);
        FgaWriter.Output output = FgaWriter.Write(model, symbols, names);
        ReportWhatDoesNotCompile(output, diagnostics);
        string? schema = diagnostics.HasErrors ? null : SchemaFormatter.Format(output.Text).Text ?? output.Text;
        return new OpenFgaTranslation(schema, diagnostics.InOrder(), FgaChanges.Of(source, model, symbols, names));
    }

    /// <summary>The net below our own checks: limits, and what CEL says of conditions.</summary>
    private static void ReportWhatDoesNotCompile(FgaWriter.Output output, DiagnosticBag diagnostics)
    {
        foreach (Diagnostic found in Compilation.Of(output.Text).Diagnostics)
            if (found.Severity == Severity.Error)
                diagnostics.Add(FgaCatalogue.DoesNotCompile(output.OriginOf(found.Position.Line), found));
    }
}
