using System.Collections.Immutable;
using AuthzGraph.SchemaCompiler.Cel.Evaluation;

namespace AuthzGraph.SchemaCompiler.Cel.Binding;

/// <summary>What names stand for: variables of macros before parameters, parameters before types.</summary>
internal sealed class CelScope(ImmutableArray<CelVariable> variables)
{
    private readonly List<CelVariable> _locals = [];

    /// <summary>The parameters that occurred.</summary>
    public CelVariableSet Used { get; private set; }

    /// <summary>How many variables of macros are alive at once, at most.</summary>
    public int LocalCount { get; private set; }

    public IEnumerable<string> Names => variables.Select(variable => variable.Name);

    public Bound? Find(string name)
    {
        for (int i = _locals.Count - 1; i >= 0; i--)
            if (_locals[i].Name == name) return new Bound(new LocalNode(i), _locals[i].Type);
        for (int i = 0; i < variables.Length; i++)
        {
            if (variables[i].Name != name) continue;
            Used |= CelVariableSet.Of(i);
            return new Bound(new VariableNode(i), variables[i].Type);
        }
        return FindType(name);
    }

    public static Bound? FindType(string name)
    {
        bool isType = name is "bool" or "int" or "uint" or "double" or "string" or "bytes" or "list" or "map" or "null_type" or "type"
            or "ipaddress" or "google.protobuf.Timestamp" or "google.protobuf.Duration";
        return isType ? Bound.Constant(CelValue.TypeOf(name), CelType.Type) : null;
    }

    /// <returns>Its number; -1 when macros nest too deep.</returns>
    public int Open(string name, CelType type)
    {
        if (_locals.Count == CelLimits.Comprehensions) return -1;
        _locals.Add(new CelVariable(name, type));
        LocalCount = Math.Max(LocalCount, _locals.Count);
        return _locals.Count - 1;
    }

    public void Close() => _locals.RemoveAt(_locals.Count - 1);
}
