using System.Collections.Immutable;
using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Validation;

/// <summary>
/// One file's graphs: one with the relationships of the file, and one more for every way in which decisions change
/// them. Each is filled once and then only asked.
/// </summary>
internal sealed class TestBench(ValidationFile file, CompiledSchema schema, ValidationOptions options) : IAsyncDisposable
{
    private readonly Dictionary<string, Scenario> _scenarios = new(StringComparer.Ordinal);
    private readonly Instant _at = file.At ?? Instant.From(options.Time.GetUtcNow());

    /// <summary>Fills the file's own graph; returns what is wrong with its relationships.</summary>
    public async Task<ImmutableArray<FileDiagnostic>> LoadAsync(CancellationToken cancellation)
    {
        (ImmutableArray<LocatedTuple> tuples, ImmutableArray<FileDiagnostic> errors) = Relationships.Distinct(file.Tuples);
        if (!errors.IsEmpty) return errors;
        try
        {
            await ScenarioAsync(Change.None, cancellation);
            return [];
        }
        catch (RejectionException refused)
        {
            ImmutableArray<FileDiagnostic> unfit = await Scenario.UnfitAsync(schema, tuples, options.Limits, cancellation);
            return unfit.IsEmpty ? [Relationships.Blame(tuples, refused, file.Schema.Source)] : unfit;
        }
    }

    public async Task<TestResult> RunAsync(ValidationTest test, CancellationToken cancellation)
    {
        try
        {
            return await JudgeAsync(test, cancellation);
        }
        catch (RejectionException refused)
        {
            return Judgement.Of(test, refused);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Scenario scenario in _scenarios.Values) await scenario.DisposeAsync();
    }

    private async Task<TestResult> JudgeAsync(ValidationTest test, CancellationToken cancellation)
    {
        Change change = test is ValidationTest.Decision { Change: var changed } ? changed : Change.None;
        Scenario scenario = await ScenarioAsync(change, cancellation);
        Instant at = (test as ValidationTest.Decision)?.At ?? _at;
        return Judgement.Of(test, scenario.At(at));
    }

    private async Task<Scenario> ScenarioAsync(Change change, CancellationToken cancellation)
    {
        if (_scenarios.TryGetValue(change.Key, out Scenario? known)) return known;
        IReadOnlyList<RelationTuple> tuples = Relationships.Apply(change, Relationships.Distinct(file.Tuples).Tuples);
        Scenario scenario = await Scenario.OpenAsync(schema, tuples, options.Limits, cancellation);
        _scenarios.Add(change.Key, scenario);
        return scenario;
    }
}
