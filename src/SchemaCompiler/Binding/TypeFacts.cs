namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>A type has, or may have, a name.</summary>
internal readonly record struct TypeFact(TypeSymbol Type, string Name);

/// <summary>Which types have which names through the types they lead to: the questions are known beforehand and answered together.</summary>
internal sealed class TypeFacts
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly HashSet<(int Type, int Name)> _true = [];

    public TypeFacts(Closure closure, IEnumerable<TypeFact> given, IReadOnlyCollection<TypeFact> asked)
    {
        foreach (TypeFact question in asked) _numbers.TryAdd(question.Name, _numbers.Count);
        var facts = given.Where(fact => _numbers.ContainsKey(fact.Name)).ToLookup(PassOf);
        foreach (var pass in asked.GroupBy(PassOf))
        {
            ulong[] names = new ulong[closure.Nodes];
            foreach (TypeFact fact in facts[pass.Key]) names[fact.Type.Id.Value] |= Bit(fact);
            closure.Spread(names);
            foreach (TypeFact question in pass)
                if ((names[question.Type.Id.Value] & Bit(question)) != 0) _true.Add((question.Type.Id.Value, _numbers[question.Name]));
        }
    }

    /// <summary>Of what was asked beforehand.</summary>
    public bool Has(TypeSymbol type, string name) => _numbers.TryGetValue(name, out int number) && _true.Contains((type.Id.Value, number));

    private int PassOf(TypeFact fact) => _numbers[fact.Name] / Closure.FactsAtATime;

    private ulong Bit(TypeFact fact) => 1UL << _numbers[fact.Name] % Closure.FactsAtATime;
}
