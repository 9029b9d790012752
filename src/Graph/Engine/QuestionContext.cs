using AuthzGraph.SchemaCompiler;
using AuthzGraph.SchemaCompiler.Cel;

namespace AuthzGraph.Graph.Engine;

/// <summary>The context of the questions asked, as each caveat's parameters, read once.</summary>
internal sealed class QuestionContext
{
    private string? _json;
    private CelBindings?[] _known = [];

    /// <summary>From here on questions are asked with this context; null: with none.</summary>
    public void Use(string? json)
    {
        if (ReferenceEquals(json, _json)) return;
        _json = json;
        Array.Clear(_known);
    }

    /// <exception cref="Model.RejectionException">The context does not fit the caveat's parameters.</exception>
    public CelBindings For(Caveat caveat)
    {
        if (_json is null) return CelBindings.None;
        if (_known.Length <= caveat.Id.Value) Array.Resize(ref _known, caveat.Id.Value + 1);
        ref CelBindings? known = ref _known[caveat.Id.Value];
        if (known is not null) return known;
        if (!CelBindings.TryParse(caveat.Parameters, _json, CelUnknownNames.Ignore, out CelBindings read, out string problem))
            throw Rejections.InvalidContext(problem);
        return known = read;
    }
}
