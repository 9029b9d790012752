using System.Collections.Immutable;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Validation;

/// <summary>By whose clock and within which bounds validation files are run.</summary>
public sealed record ValidationOptions
{
    public static readonly ValidationOptions Default = new();

    /// <summary>Gives the instant of questions that name none, in files that name none.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Those of the graph under test; a file's relationships are one write, however many there are.</summary>
    public Limits Limits { get; init; } = Limits.Default;
}

/// <summary>Runs validation files, each against a graph of its own in memory. What a file looks like: docs/testing.md.</summary>
public static class ValidationRun
{
    /// <summary>Runs one file. Whatever is wrong with it is in the report.</summary>
    /// <exception cref="IOException">The file itself can't be read.</exception>
    public static async Task<ValidationReport> FileAsync(
        string path, ValidationOptions? options = null, CancellationToken cancellation = default)
    {
        string text = await File.ReadAllTextAsync(path, cancellation);
        return await TextAsync(new SourceText(path, text), options, cancellation);
    }

    /// <summary>Runs the text of a file; the files it names are found from the folder of <see cref="SourceText.Name"/>.</summary>
    public static async Task<ValidationReport> TextAsync(
        SourceText source, ValidationOptions? options = null, CancellationToken cancellation = default)
    {
        List<FileDiagnostic> diagnostics = [];
        ValidationFile? file = ValidationFileReader.Read(source, diagnostics);
        if (file is null || Compile(file.Schema, diagnostics) is not { } schema) return new ValidationReport(source.Name, [.. diagnostics], []);

        await using TestBench bench = new(file, schema, options ?? ValidationOptions.Default);
        if (await bench.LoadAsync(cancellation) is { IsEmpty: false } refused)
            return new ValidationReport(source.Name, [.. diagnostics, .. refused], []);

        List<TestResult> results = [];
        foreach (ValidationTest test in file.Tests) results.Add(await bench.RunAsync(test, cancellation));
        return new ValidationReport(source.Name, [.. diagnostics], [.. results]);
    }

    private static CompiledSchema? Compile(MappedText text, List<FileDiagnostic> diagnostics)
    {
        CompiledFile compiled = CompiledFile.Of(text);
        diagnostics.AddRange(compiled.Diagnostics);
        return compiled.Schema;
    }
}
