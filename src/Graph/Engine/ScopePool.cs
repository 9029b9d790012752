using AuthzGraph.Graph.Counting;
using AuthzGraph.Graph.Index.Memory;
using AuthzGraph.Model;
using Microsoft.Extensions.ObjectPool;

namespace AuthzGraph.Graph.Engine;

/// <summary>
/// Scopes that read one index. Each thread keeps one spare, so that most checks take and return theirs without an interlocked
/// instruction, behind which the processor could not run ahead.
/// </summary>
internal sealed class ScopePool
{
    private readonly ThreadLocal<Spare> _spares;

    public ScopePool(Epochs epochs, DecisionCounts counts)
    {
        var others = new DefaultObjectPool<DecisionScope>(new Policy(epochs, counts));
        _spares = new ThreadLocal<Spare>(() => new Spare(others));
    }

    /// <summary>Where this thread takes a scope from, and returns it to: only by itself.</summary>
    public Spare MySpare => _spares.Value ?? throw new InvariantException("every thread has a place for a spare");

    /// <summary>One thread's scope while it is not in use; behind it those of all threads.</summary>
    public sealed class Spare(ObjectPool<DecisionScope> others)
    {
        private DecisionScope? _scope;

        public DecisionScope Get()
        {
            if (_scope is not { } scope) return others.Get();
            _scope = null;
            return scope;
        }

        public void Return(DecisionScope scope)
        {
            if (_scope is null) _scope = scope;
            else others.Return(scope);
        }
    }

    private sealed class Policy(Epochs epochs, DecisionCounts counts) : PooledObjectPolicy<DecisionScope>
    {
        public override DecisionScope Create() => new(epochs.NewReader(), counts.NewTally(), remembersChains: true);

        public override bool Return(DecisionScope scope) => true;
    }
}
