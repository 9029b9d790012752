using AuthzGraph.Graph.Counting;
using AuthzGraph.Graph.Index.Memory;
using AuthzGraph.Model;
using Microsoft.Extensions.ObjectPool;

namespace AuthzGraph.Graph.Engine;

/// <summary>
/// Scopes that read one index. Each thread keeps one spare, so that most checks take and return theirs without an interlocked
/// instruction, behind which the processor could not run ahead.
/// </summary>
internal sealed class ScopePool(Epochs epochs, DecisionCounts counts) : ObjectPool<DecisionScope>
{
    private readonly ThreadLocal<Spare> _spares = new(static () => new Spare());
    private readonly DefaultObjectPool<DecisionScope> _others = new(new Policy(epochs, counts));

    public override DecisionScope Get()
    {
        Spare spare = MySpare;
        if (spare.Scope is not { } scope) return _others.Get();
        spare.Scope = null;
        return scope;
    }

    public override void Return(DecisionScope scope)
    {
        Spare spare = MySpare;
        if (spare.Scope is null) spare.Scope = scope;
        else _others.Return(scope);
    }

    private Spare MySpare => _spares.Value ?? throw new InvariantException("every thread has a place for a spare");

    private sealed class Spare
    {
        public DecisionScope? Scope { get; set; }
    }

    private sealed class Policy(Epochs epochs, DecisionCounts counts) : PooledObjectPolicy<DecisionScope>
    {
        public override DecisionScope Create() => new(epochs.NewReader(), counts.NewTally(), remembersChains: true);

        public override bool Return(DecisionScope scope) => true;
    }
}
